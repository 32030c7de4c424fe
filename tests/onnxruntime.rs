//! The second runtime says what the first says, to 1e-4. Needs the feature `onnxruntime`, and the library
//! that `VOIRIE_ONNXRUNTIME` names.

#![expect(clippy::print_stdout, reason = "a test that is skipped says why")]

use std::path::Path;
use voirie::domain::Tensor;
use voirie::io::models;
use voirie::io::onnx::TractModel;
use voirie::io::onnxruntime::{OnnxRuntime, RuntimeModel};
use voirie::ports::Inference;

#[test]
fn both_runtimes_say_the_same_of_every_model() {
    let Some(library) = std::env::var_os("VOIRIE_ONNXRUNTIME") else {
        println!("skipped: VOIRIE_ONNXRUNTIME names no library");
        return;
    };
    let runtime = OnnxRuntime::open(Path::new(&library)).unwrap();
    for name in models::names() {
        let file = models::open(name, None).unwrap();
        let shape = file.card.input.clone();
        let tract = TractModel::load(name, &file.onnx, &shape).unwrap();
        let other = RuntimeModel::load(&runtime, name, file.onnx, &shape).unwrap();
        let n_values = shape.iter().product();
        let values = (0..n_values).map(|it: usize| f32::from(u16::try_from(it % 997).unwrap()));
        let input = Tensor::new(shape, values.map(|it| it / 997.0).collect()).unwrap();
        let (ours, theirs) = (tract.infer(input.clone()).unwrap(), other.infer(input).unwrap());
        assert_eq!(ours.len(), theirs.len(), "{name}");
        for (a, b) in ours.iter().zip(&theirs) {
            assert_eq!(a.shape(), b.shape(), "{name}");
            let gap =
                a.values().iter().zip(b.values()).map(|(a, b)| (a - b).abs() / (1.0 + a.abs()));
            let gap = gap.fold(0.0_f32, f32::max);
            assert!(gap < 1e-4, "{name}: {gap}");
        }
    }
    assert!(OnnxRuntime::open(Path::new("absent.so")).is_err());
}
