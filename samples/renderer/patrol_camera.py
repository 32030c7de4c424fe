"""The camera of the sample patrol, shared by the clips and the training frames."""

from math import radians, tan

from .camera import Camera

# Chosen: a phone or action camera behind the windscreen of a van. The horizon falls at row 153 of
# 720, and the own lane shows from 2.8 m ahead.
PATROL = {"width_px": 1280, "height_px": 720, "height_m": 1.60, "pitch_deg": 11.0, "hfov_deg": 62.0}


def patrol_camera():
    """The whole frame."""
    return Camera.whole(
        PATROL["width_px"], PATROL["height_px"], PATROL["height_m"], PATROL["pitch_deg"],
        PATROL["hfov_deg"],
    )


def patrol_crop(top_ahead_m, out_width_px=1024, out_height_px=640):
    """The crop that is looked at for defects, and its width in the frame.

    It runs from the row `top_ahead_m` ahead to the bottom, is 1.6 times as wide as high, centred.
    """
    whole = patrol_camera()
    top = round(whole.row_of(top_ahead_m))
    height = PATROL["height_px"] - top
    width = round(1.6 * height)
    left = round((PATROL["width_px"] - width) / 2)
    return whole.cropped(left, top, width, height, out_width_px, out_height_px), width
