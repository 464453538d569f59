/// What moves in a page. Without it everything is there to be read, only nothing answers.
enum PageScript {
    static let text = """

        "use strict";
        const tip=document.getElementById("tip");
        const NS="http://www.w3.org/2000/svg";
        function element(name,attributes){const e=document.createElementNS(NS,name);for(const k in attributes)e.setAttribute(k,attributes[k]);return e}
        function line(text,className,swatch,value){const p=document.createElement("p");if(className)p.className=className;if(swatch!==undefined){const i=document.createElement("i");i.className="swatch b"+swatch;p.append(i)}const s=document.createElement("span");s.textContent=text;p.append(s);if(value!==undefined){const b=document.createElement("b");b.textContent=value;p.append(b)}return p}
        function show(event,parts){tip.replaceChildren(...parts);tip.hidden=false;const r=tip.getBoundingClientRect();let x=event.clientX+16,y=event.clientY+16;if(x+r.width>innerWidth-8)x=event.clientX-r.width-16;if(y+r.height>innerHeight-8)y=event.clientY-r.height-16;tip.style.left=Math.max(8,x)+"px";tip.style.top=Math.max(8,y)+"px"}
        function hide(){tip.hidden=true}
        function place(svg,event){const r=svg.getBoundingClientRect(),v=svg.viewBox.baseVal;return[(event.clientX-r.left)/r.width*v.width,(event.clientY-r.top)/r.height*v.height]}

        for(const chart of document.querySelectorAll(".chart")){
          const svg=chart.querySelector("svg"),data=JSON.parse(chart.querySelector("script").textContent);
          let marks=[];
          const clear=()=>{for(const m of marks)m.remove();marks=[];hide()};
          svg.addEventListener("pointermove",event=>{
            clear();
            const[x]=place(svg,event);
            let best=null;
            for(const s of data.series)for(const p of s.points)if(best===null||Math.abs(p[0]-x)<Math.abs(best[0]-x))best=p;
            if(best===null)return;
            const parts=[line(data.x+" "+best[2],"what")];
            marks.push(svg.appendChild(element("path",{class:"rule",d:"M"+best[0]+" "+data.top+"V"+data.bottom})));
            for(const s of data.series){
              let near=null;
              for(const p of s.points)if(near===null||Math.abs(p[0]-best[0])<Math.abs(near[0]-best[0]))near=p;
              if(near===null||Math.abs(near[0]-best[0])>data.width/20)continue;
              marks.push(svg.appendChild(element("circle",{class:"spot s"+s.color,cx:near[0],cy:near[1],r:4.5})));
              parts.push(line(s.name||"value","",s.color,near[3]));
            }
            show(event,parts);
          });
          svg.addEventListener("pointerleave",clear);
        }

        for(const map of document.querySelectorAll(".map")){
          const svg=map.querySelector("svg"),data=JSON.parse(map.querySelector("script").textContent),dots=[...svg.querySelectorAll("circle")],select=map.querySelector("select"),buttons=[...map.querySelectorAll("button")],notes=[...map.querySelectorAll(".how")];
          let layout=0,now=-1;
          const pick=label=>{map.classList.toggle("picked",label!==null);dots.forEach((d,i)=>d.classList.toggle("on",data.labels[i]===label))};
          const chosen=()=>select.value===""?null:Number(select.value);
          const leave=()=>{if(now>=0)dots[now].classList.remove("now");now=-1;hide();pick(chosen())};
          const arrange=()=>{const p=data.layouts[layout];dots.forEach((d,i)=>d.style.transform="translate("+p[2*i]+"px,"+p[2*i+1]+"px)");buttons.forEach((b,i)=>b.setAttribute("aria-pressed",i===layout));notes.forEach((n,i)=>n.hidden=i!==layout)};
          buttons.forEach((b,i)=>b.addEventListener("click",()=>{layout=i;arrange()}));
          select.addEventListener("change",()=>pick(chosen()));
          svg.addEventListener("pointermove",event=>{
            const[x,y]=place(svg,event),p=data.layouts[layout];
            let best=-1,least=30*30;
            for(let i=0;i<dots.length;i++){const dx=p[2*i]-x,dy=p[2*i+1]-y,d=dx*dx+dy*dy;if(d<least){least=d;best=i}}
            if(best<0)return leave();
            if(best!==now){if(now>=0)dots[now].classList.remove("now");now=best;dots[now].classList.add("now");pick(data.labels[best])}
            const parts=[];
            if(data.sheet){const t=document.createElement("span"),s=data.sheet,k=2,u=s.tile*k;t.className="thumb";t.style.cssText="width:"+u+"px;height:"+u+"px;background-image:url("+s.src+");background-size:"+s.columns*u+"px auto;background-position:-"+best%s.columns*u+"px -"+Math.floor(best/s.columns)*u+"px";parts.push(t)}
            parts.push(line(data.classes[data.labels[best]]||""),line(data.names[best],"what"));
            show(event,parts);
          });
          svg.addEventListener("pointerleave",leave);
          arrange();
        }

        const links=[...document.querySelectorAll("nav a")];
        if("IntersectionObserver"in window){
          const seen=new IntersectionObserver(entries=>{for(const e of entries)if(e.isIntersecting)links.forEach(a=>a.classList.toggle("here",a.hash==="#"+e.target.id))},{rootMargin:"-15% 0px -75% 0px"});
          for(const s of document.querySelectorAll("section"))seen.observe(s);
        }

        """
}
