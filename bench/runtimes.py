"""A PyTorch module in ONNX Runtime and OpenVINO, on the CPU, as functions from pixels to embeddings."""

import logging
import tempfile
from pathlib import Path

import nncf
import onnxruntime
import openvino
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

nncf.set_log_level(logging.ERROR)
logging.getLogger().setLevel(logging.ERROR)  # ONNX Runtime's advice on quantising


def versions():
    return (f"onnxruntime {onnxruntime.__version__}, openvino {openvino.__version__.split('-')[0]}, "
            f"torch {torch.__version__}")


def onnxruntime_function(tower, example, threads, int8=False):
    """int8: weights in 8 bits, activations in 8 bits with a scale taken from each call."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "tower.onnx")
        axes = {"pixels": {0: "batch"}, "embeddings": {0: "batch"}}
        torch.onnx.export(tower, (torch.from_numpy(example),), path, input_names=["pixels"], output_names=["embeddings"],
                          dynamic_axes=axes, opset_version=17, dynamo=False)
        if int8:
            quantize_dynamic(path, path + ".int8", weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])
            path += ".int8"
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda pixels: session.run(None, {"pixels": pixels})[0]


def openvino_function(tower, example, threads, precision):
    """precision: f32, bf16 or int8. int8: weights and activations, with scales fitted to random pictures beforehand."""
    model = openvino.convert_model(tower, example_input=torch.from_numpy(example), input=[list(example.shape)])
    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    if precision == "int8":
        calls = [torch.randn(example.shape).numpy() for _ in range(max(1, 8 // len(example)))]
        model = nncf.quantize(model, nncf.Dataset(calls), model_type=nncf.ModelType.TRANSFORMER, subset_size=len(calls))
        settings["INFERENCE_PRECISION_HINT"] = "f32"  # of what is not quantised
    else:
        settings["INFERENCE_PRECISION_HINT"] = precision
    compiled = openvino.Core().compile_model(model, "CPU", settings)
    return lambda pixels: compiled(pixels)[0]
