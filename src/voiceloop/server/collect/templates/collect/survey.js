(function(){
var R=document.documentElement,f=document.getElementById('f');if(!f)return;
var D=f.dataset,K='vl:'+D.key,preview=D.preview,dirty=0,busy=0,over=0,wait=3000,timer;
function $(i){return document.getElementById(i)}
function all(s){return [].slice.call(f.querySelectorAll(s))}
function lead(){return f.querySelector('#s1 input:checked')}
function fields(){return new URLSearchParams(new FormData(f)).toString()}
function store(v){try{v?localStorage.setItem(K,v):localStorage.removeItem(K)}catch(e){}}
function tell(t){var n=$('net');n.textContent=t||'';n.hidden=!t}
function branch(){var r=lead(),c=r?r.dataset.c:'';
 all('[data-g]').forEach(function(e){e.hidden=(' '+e.dataset.g+' ').indexOf(' '+c+' ')<0});
 if(r){$('sv').textContent=r.nextElementSibling.textContent;$('sl').textContent=$('sl').dataset[c]||''}
 var w=0;all('.tog input').forEach(function(i){$(i.name+'-to').hidden=!i.checked;w=w||i.checked&&!i.closest('[data-g]').hidden});$('ct').hidden=!w;
 all('textarea').forEach(function(t){t.nextElementSibling.firstChild.textContent=t.value.length})}
function step(n){$('s1').hidden=n!=1;$('s2').hidden=n!=2;$('s3').hidden=n!=3;branch();scrollTo(0,0);$('q'+n).focus({preventScroll:true})}
function post(more){return fetch(f.action,{method:'POST',keepalive:true,headers:{Accept:'application/json','Content-Type':'application/x-www-form-urlencoded'},body:fields()+more}).then(function(r){if(!r.ok&&r.status!=410)throw r.status;return r})}
function later(){clearTimeout(timer);timer=setTimeout(save,wait);wait=Math.min(wait*2,30000)}
function save(){if(preview||over||!lead())return;clearTimeout(timer);if(busy){dirty=2;return}
 busy=1;dirty=1;post('&partial=1').then(function(){busy=0;wait=3000;tell();if(dirty>1)save();else{dirty=0;store()}},function(){busy=0;tell(D.kept);later()})}
function done(){over=1;clearTimeout(timer);store();tell();step(3)}
function submit(){var b=$('go');if(b.disabled)return;if(preview)return done();b.disabled=true;b.textContent=D.sending;store(fields());clearTimeout(timer);
 post('').then(done,function(){b.disabled=false;b.textContent=D.again;tell(D.kept);dirty=3})}
f.addEventListener('change',function(e){var t=e.target;branch();if(!preview)store(fields());
 if(lead()===t){setTimeout(function(){step(2);try{history.pushState(2,'')}catch(x){}},160)}save()});
f.addEventListener('input',function(){branch();if(!preview)store(fields());clearTimeout(timer);timer=setTimeout(save,1500)});
f.addEventListener('submit',function(e){e.preventDefault();if($('s2').hidden){if(lead()){step(2);save()}}else submit()});
$('back').addEventListener('click',function(e){e.preventDefault();step(1)});
addEventListener('popstate',function(e){if(!over)step(e.state==2?2:1)});
addEventListener('online',function(){dirty==3?submit():dirty&&save()});
addEventListener('visibilitychange',function(){if(document.hidden&&dirty&&dirty<3)save()});
R.classList.add('js');
if(D.k&&!preview)try{history.replaceState(null,'',D.here)}catch(e){}
try{var d=!preview&&localStorage.getItem(K);if(d){var p=new URLSearchParams(d);
 all('input,textarea').forEach(function(i){if(i.type=='hidden')return;if(i.type=='radio'||i.type=='checkbox'){if(p.has(i.name)||i.type=='checkbox')i.checked=p.getAll(i.name).indexOf(i.value)>=0}else if(p.has(i.name))i.value=p.get(i.name)});
 if(lead()){dirty=1;step(2);save()}}}catch(e){}
if(D.step==1&&lead()&&!dirty)step(2);else if(!$('s2').hidden)branch();
})();
