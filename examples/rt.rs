use voirie::io::onnx::TractModel; use voirie::io::onnxruntime::*; use voirie::domain::Tensor; use voirie::ports::Inference;
fn main(){ let lib=std::env::var("ORT").unwrap(); let rt=OnnxRuntime::open(std::path::Path::new(&lib)).unwrap();
 for a in std::env::args().skip(1){ let (p,s)=a.split_once(':').unwrap(); let shape:Vec<usize>=s.split('x').map(|v|v.parse().unwrap()).collect();
  let onnx=std::fs::read(p).unwrap();
  let t=TractModel::load(p,&onnx,&shape).unwrap(); let r=RuntimeModel::load(&rt,p,onnx,&shape).unwrap();
  let n:usize=shape.iter().product(); let x=Tensor::new(shape.clone(),(0..n).map(|i|((i*7919)%1000) as f32/1000.).collect()).unwrap();
  let (mut bt,mut br)=(f64::MAX,f64::MAX);
  let mut gap=0f32;
  for _ in 0..8 { let a=std::time::Instant::now(); let u=t.infer(x.clone()).unwrap(); bt=bt.min(a.elapsed().as_secs_f64());
   let a=std::time::Instant::now(); let v=r.infer(x.clone()).unwrap(); br=br.min(a.elapsed().as_secs_f64());
   for (u,v) in u.iter().zip(&v){ for (a,b) in u.values().iter().zip(v.values()){ gap=gap.max((a-b).abs()); } } }
  println!("{p} tract {:.1} ort {:.1} ms ratio {:.2} gap {gap:e}",bt*1e3,br*1e3,bt/br); } }
