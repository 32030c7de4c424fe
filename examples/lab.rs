use std::io::{Read,Write}; use std::path::PathBuf;
use voirie::domain::*; use voirie::detection; use voirie::io::labelled::LabelledSet; use voirie::io::models; use voirie::io::onnx::TractModel; use voirie::ports::Inference;
use rayon::prelude::*;
pub struct F { pub chain: u32, pub frame:(f64,f64), pub region: PixelBox, pub said: [Vec<f32>;6], pub truth:[Vec<f32>;3] }
fn main(){
  let mut a=std::env::args().skip(1); let section=a.next().unwrap(); let out=a.next().unwrap(); let models_dir=a.next().map(PathBuf::from);
  let mut set=LabelledSet::open(std::path::Path::new("/work/shared/data/cap-train.tar")).unwrap(); set.keep_sections(&[section.clone()],true);
  let file=models::open("pavement",models_dir.as_deref()).unwrap(); let model=TractModel::load("pavement",&file.onnx,&file.card.input).unwrap();
  let frames:Vec<_>=(0..set.len()).collect();
  let got:Vec<Vec<u8>>=frames.par_iter().map(|i|{
    let l=set.frame(*i).unwrap(); let image=l.frame.image(); let region=l.region;
    let (_,input)=detection::prepare(image,&region).unwrap(); let o=model.infer(input).unwrap(); let g=detection::decode(&o,region).unwrap();
    let name=l.frame.stamp.clip.to_string(); let stem=name.rsplit('/').next().unwrap().trim_end_matches(".jpg"); let chain:u32=stem.rsplit('_').next().unwrap().parse().unwrap();
    let mut t=[vec![0f32;2560],vec![0f32;2560],vec![0f32;2560]];
    let (rw,rh)=(region.width()/64.,region.height()/40.);
    for y in 0..l.mask.height(){ let row=l.mask.row(y); let cy=((y as f64+0.5-region.top())/rh).floor(); if !(0.0..40.0).contains(&cy){continue;}
      for (x,c) in row.iter().enumerate(){ let cx=((x as f64+0.5-region.left())/rw).floor(); if !(0.0..64.0).contains(&cx){continue;} let k=cy as usize*64+cx as usize; let w=(1.0/(rw*rh)) as f32;
        match c { PixelClass::Other=>{}, PixelClass::Lane=>t[0][k]+=w, PixelClass::Crack=>{t[0][k]+=w;t[1][k]+=w}, PixelClass::Pothole=>{t[0][k]+=w;t[2][k]+=w} } } }
    let mut b=Vec::new(); b.extend(chain.to_le_bytes()); for v in [image.width() as f64,image.height() as f64,region.left(),region.top(),region.right(),region.bottom()]{ b.extend(v.to_le_bytes()); }
    for p in [g.lane(),g.crack(),g.pothole(),g.lane_share(),g.crack_share(),g.pothole_share(),&t[0],&t[1],&t[2]]{ for v in p{ b.extend(v.to_le_bytes()); } } b }).collect();
  let mut f=std::fs::File::create(out).unwrap(); for b in got { f.write_all(&b).unwrap(); } let _=|f:&mut std::fs::File|{let mut v=vec![];f.read_to_end(&mut v)};
}
