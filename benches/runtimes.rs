//! Each model through tract and through an installed ONNX Runtime, one thread each, in one go.
//!
//! `VOIRIE_ONNXRUNTIME=/path/libonnxruntime.so cargo bench --features onnxruntime --bench runtimes`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::path::Path;
use voirie::domain::Tensor;
use voirie::io::models;
use voirie::io::onnx::TractModel;
use voirie::io::onnxruntime::{OnnxRuntime, RuntimeModel};
use voirie::ports::Inference;

fn runtimes(c: &mut Criterion) {
    let Some(library) = std::env::var_os("VOIRIE_ONNXRUNTIME") else {
        eprintln!("skipped: VOIRIE_ONNXRUNTIME names no library");
        return;
    };
    let runtime = OnnxRuntime::open(Path::new(&library)).expect("an ONNX Runtime library");
    let mut group = c.benchmark_group("runtimes");
    group.sample_size(20).throughput(Throughput::Elements(1));
    for name in ["pavement", "face"] {
        let file = models::open(name, None).expect("a compiled-in model matches its card");
        let shape = file.card.input.clone();
        let values = vec![0.4; shape.iter().product()];
        let input = Tensor::new(shape.clone(), values).expect("as many values as the shape holds");
        let tract = TractModel::load(name, &file.onnx, &shape).expect("tract loads it");
        let other = RuntimeModel::load(&runtime, name, file.onnx, &shape).expect("it loads");
        let both: [(&str, &dyn Inference); 2] = [("tract", &tract), ("onnxruntime", &other)];
        for (runtime, model) in both {
            group.bench_function(format!("{name}/{runtime}"), |bencher| {
                bencher.iter(|| model.infer(black_box(input.clone())).expect("it runs"));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, runtimes);
criterion_main!(benches);
