//! One inference of each model, and one whole frame, at their real sizes.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use voirie::domain::Tensor;
use voirie::io::models;
use voirie::io::onnx::TractModel;
use voirie::ports::Inference;

fn infer(c: &mut Criterion) {
    let mut group = c.benchmark_group("inference");
    group.sample_size(10).throughput(Throughput::Elements(1));
    for name in models::names() {
        let file = models::open(name, None).expect("a compiled-in model matches its card");
        let shape = &file.card.input;
        let model = TractModel::load(name, &file.onnx, shape).expect("tract loads it");
        let values = vec![0.4; shape.iter().product()];
        let input = Tensor::new(shape.clone(), values).expect("as many values as the shape holds");
        group.bench_function(name, |bencher| {
            bencher.iter(|| model.infer(black_box(input.clone())).expect("it runs"));
        });
    }
    group.finish();
}

criterion_group!(benches, infer);
criterion_main!(benches);
