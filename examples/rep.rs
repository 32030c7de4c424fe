use voirie::domain::*; use voirie::detection; use voirie::georeferencing::{Look,lay,cut}; use voirie::scoring::{tally,rate_section}; use std::collections::BTreeMap;
struct F{chain:f64,frame:(f64,f64),said:CellGrid,truth:CellGrid}
fn load(p:&str)->Vec<F>{ let b=std::fs::read(p).unwrap(); let n=4+48+9*2560*4; let mut v:Vec<F>=b.chunks_exact(n).map(|c|{
  let chain=u32::from_le_bytes(c[..4].try_into().unwrap()) as f64; let d:Vec<f64>=(0..6).map(|i|f64::from_le_bytes(c[4+8*i..12+8*i].try_into().unwrap())).collect();
  let pl:Vec<Vec<f32>>=(0..9).map(|k|(0..2560).map(|i|{let o=52+(k*2560+i)*4; f32::from_le_bytes(c[o..o+4].try_into().unwrap())}).collect()).collect();
  let region=PixelBox::new(d[2],d[3],d[4],d[5]).unwrap();
  let said=CellGrid::new(64,40,region,std::array::from_fn(|i|pl[i].clone())).unwrap();
  let lim=[0.5,0.015,0.15]; let yes=|k:usize|pl[6+k].iter().map(|v|if *v>lim[k]{0.95}else{0.02}).collect::<Vec<f32>>();
  let truth=CellGrid::new(64,40,region,[yes(0),yes(1),yes(2),pl[6].clone(),pl[7].clone(),pl[8].clone()]).unwrap();
  F{chain,frame:(d[0],d[1]),said,truth}}).collect(); v.sort_by(|a,b|a.chain.total_cmp(&b.chain)); v}
fn network(len:f64)->Network{ let line=vec![Lambert93{x:0.,y:0.},Lambert93{x:len,y:0.}]; Network::new(vec![Road::new(RoadId::new("X").unwrap(),Carriageway::Single,1,"".into(),Metres::of(7.0),2,line,Metres::ZERO,vec![]).unwrap()])}
type Seen=std::collections::BTreeSet<i64>;
fn seen(fs:&[&F],set:&MeasureSettings,net:&Network,o:f64)->Seen{ let looks:Vec<Look>=fs.iter().enumerate().map(|(i,f)|Look{time:Seconds::of(0.0),frame:i,place:RoadPlace{road:0,direction:Direction::Increasing,cumul:Metres::of(f.chain-o),offset:Metres::ZERO},validity:Validity::Valid,measures:vec![]}).collect();
 lay(&looks,net,set).cells.iter().filter(|c|c.n_frames>0).map(|c|c.from.get() as i64).collect() }
fn notes(only:Option<&Seen>,fs:&[&F],truth:bool,cam:&Camera,lim:&CellThresholds,set:&MeasureSettings,grid:&ScoringGrid,net:&Network,pitch:f64,o:f64,label:&str)->BTreeMap<i64,(f64,f64)>{
  let looks:Vec<Look>=fs.iter().enumerate().map(|(i,f)|Look{time:Seconds::of(0.0),frame:i,place:RoadPlace{road:0,direction:Direction::Increasing,cumul:Metres::of(f.chain-o),offset:Metres::ZERO},validity:Validity::Valid,
    measures:detection::measure(if truth{&f.truth}else{&f.said},None,cam,f.frame,lim,set)}).collect();
  let mut laid=lay(&looks,net,set); if let Some(o)=only{ laid.cells.retain(|c: &RoadCell|o.contains(&(c.from.get() as i64))); } let secs=cut(net,Metres::of(pitch)); let t=tally(&secs,net,&laid.cells);
  t.into_iter().filter_map(|d|{ let r=rate_section(d,grid); let k=(r.distress.section.from.get()/pitch) as i64; if !label.is_empty(){ if let Some(n)=r.rating.notes(){ println!("{label} {k} {:.1} cov {:.2} {:?}",n.ng.points(),r.rating.coverage().valid.get(),r.distress.defects.iter().map(|x|format!("{}{}:{:.1}",x.kind.code(),x.severity.code(),match x.extent{Extent::Count(n,_)=>n as f64,Extent::Length(l)=>l.get(),Extent::Area(a)=>a.get()})).collect::<Vec<_>>()); } }
   r.rating.notes().map(|n|(k,(n.ng.points(),r.rating.coverage().valid.get()))) }).collect() }
fn main(){
  let file=voirie::io::config::with_defaults(None).unwrap(); let mut set=file.survey.measure; let grid=file.grid.clone();
  let env=|k:&str,d:f64|std::env::var(k).ok().and_then(|v|v.parse().ok()).unwrap_or(d);
  set.far=env("FAR",set.far); set.near=env("NEAR",set.near);
  set.least_probability=(env("TC",0.2) as f32,env("TP",0.15) as f32); set.beliefs=((env("CA",1.5),env("CB",1.7)),(env("PA",1.2),env("PB",1.4)));
  let lim=CellThresholds{lane:env("TL",0.52) as f32,crack:env("TC",0.34) as f32,pothole:env("TP",0.30) as f32,pothole_gain:1.0};
  let verbose=std::env::var("V").is_ok(); let pitch=env("SEC",100.0);
  let (mut all,mut tr,mut od)=(vec![],vec![],vec![]);
  for s in std::env::args().skip(1){ let fs=load(&format!("/tmp/lab/{s}.bin")); let o=fs[0].chain-20.0; let net=network(fs.last().unwrap().chain-o+40.);
   let cam0=Camera::new(Metres::of(2.0),Degrees::of(0.0),Degrees::of(62.0),Horizon::FromLane).unwrap();
   let gs:Vec<CellGrid>=fs.iter().map(|f|f.said.clone()).collect(); let e=detection::estimate_pitch(&gs,lim.lane,&cam0,fs[0].frame).unwrap(); let cam=cam0.with_pitch(e.pitch).unwrap();
   if verbose{println!("{s} {e:?}");}
   let half=|p:usize|{let v:Vec<&F>=fs.iter().enumerate().filter(|(i,_)|i%2==p).map(|x|x.1).collect(); seen(&v,&set,&net,o)}; let both:Seen=half(0).intersection(&half(1)).copied().collect();
   let run=|p:&dyn Fn(usize)->bool,truth,l:&str|{ let v:Vec<&F>=fs.iter().enumerate().filter(|(i,_)|p(*i)).map(|x|x.1).collect(); notes(if l=="all"||l=="truth"{None}else{Some(&both)},&v,truth,&cam,&lim,&set,&grid,&net,pitch,o,if verbose{l}else{""})};
   let by_place=env("PLACE",0.0)>0.; let par=|i:usize|if by_place {((fs[i].chain/5.0).round() as usize)%2}else{i%2};
   let a=run(&|i|par(i)==0,false,"odd"); let b=run(&|i|par(i)==1,false,"even"); let t=run(&|_|true,true,"truth"); let f=run(&|_|true,false,"all"); let ta=run(&|i|par(i)==0,true,""); let tb=run(&|i|par(i)==1,true,"");
   let covmin=env("COV",0.8);
   let d:Vec<f64>=a.iter().filter_map(|(k,v)|b.get(k).filter(|w|w.1>=covmin&&v.1>=covmin).map(|w|w.0-v.0)).collect();
   let td:Vec<f64>=ta.iter().filter_map(|(k,v)|tb.get(k).filter(|w|w.1>=covmin&&v.1>=covmin).map(|w|w.0-v.0)).collect();
   let e:Vec<f64>=t.iter().filter_map(|(k,v)|f.get(k).map(|w|w.0-v.0)).collect();
   let st=|d:&[f64]|{let n=d.len() as f64; let m=d.iter().sum::<f64>()/n; (m,(d.iter().map(|x|(x-m).powi(2)).sum::<f64>()/(n-1.)).sqrt(),d.len())};
   println!("{s}: odd-even mean {:.2} sd {:.2} n {} | truth odd-even sd {:.2} | all-truth mean {:.2} sd {:.2} n {}",st(&d).0,st(&d).1,d.len(),st(&td).1,st(&e).0,st(&e).1,e.len());
   all.extend(d);od.extend(td);tr.extend(e); }
  let st=|d:&[f64]|{let n=d.len() as f64; let m=d.iter().sum::<f64>()/n; (m,(d.iter().map(|x|(x-m).powi(2)).sum::<f64>()/(n-1.)).sqrt(),d.len())};
  println!("ALL odd-even {:?} truth {:?} all-truth {:?}",st(&all),st(&od),st(&tr));
}
