"""Prints what GoPro's own parser reads of the fixes of a clip: latitude, longitude, lock, dilution
times 100, then the seconds of the clip, one fix a line.

    python3 tests/outsiders/gpmf.py clip.mp4
"""

import sys

from py_gpmf_parser.gopro_telemetry_extractor import GoProTelemetryExtractor


def main(path):
    extractor = GoProTelemetryExtractor(path)
    extractor.open_source()
    try:
        fixes, times = extractor.extract_data("GPS5")
        locks, lock_times = extractor.extract_data("GPSF")
        dilutions, _ = extractor.extract_data("GPSP")
    finally:
        extractor.close_source()
    # Locks come once a payload, with the time at which the payload starts.
    payload = 0
    for fix, time in zip(fixes, times):
        while payload + 1 < len(lock_times) and lock_times[payload + 1] <= time + 1e-9:
            payload += 1
        lock, dilution = locks[payload][0], dilutions[payload][0]
        print(f"{fix[0]:.9f},{fix[1]:.9f},{lock:.0f},{dilution:.0f},{time:.6f}")


if __name__ == "__main__":
    main(sys.argv[1])
