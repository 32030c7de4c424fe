"""`python3 -m renderer frames|patrol`."""

import argparse

import cv2


def main():
    parser = argparse.ArgumentParser(prog="renderer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    frames = commands.add_parser("frames", help="random training frames with masks")
    frames.add_argument("--n", type=int, default=400)
    frames.add_argument("--seed", type=int, default=1)
    frames.add_argument("--first", type=int, default=0, help="number of the first frame")
    frames.add_argument("--out", required=True)
    patrol = commands.add_parser("patrol", help="the sample patrol: clips, tracks, network, truth")
    patrol.add_argument("--out", default="patrol")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    if arguments.command == "frames":
        from .frames import write_frames

        write_frames(arguments.n, arguments.seed, arguments.out, arguments.first)
    else:
        from .patrol import write_patrol

        write_patrol(arguments.out)


if __name__ == "__main__":
    main()
