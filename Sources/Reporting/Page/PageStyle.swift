/// How a page looks: light or dark as the reader's system is, from a phone's width up.
enum PageStyle {
    static let text = variables + layout + figures + pictures + small

    private static let variables = """

        :root{--ground:#f7f8f9;--card:#fff;--ink:#1b1f24;--quiet:#59636e;--line:#e1e4e8;--faint:#f0f2f4;--accent:#2456d6;--good:#1a7f4b;--bad:#cf222e;--warn:#7a5200;--warn-ground:#fff6dd;--heat-own:26 127 75;--heat-other:207 34 46;--heat-rest:89 99 110;--heat-ink:#1b1f24;--map-l:46%;
        \(ChartPalette.light.enumerated().map { "--s\($0):\($1)" }.joined(separator: ";"));color-scheme:light dark}
        @media(prefers-color-scheme:dark){:root{--ground:#0f1216;--card:#171b21;--ink:#e8ebef;--quiet:#9aa5b1;--line:#2b323b;--faint:#1e242c;--accent:#86aeff;--good:#46c98a;--bad:#ff7b82;--warn:#e9c46a;--warn-ground:#2a2415;--heat-own:52 168 112;--heat-other:226 88 96;--heat-rest:130 142 156;--heat-ink:#fff;--map-l:66%;
        \(ChartPalette.dark.enumerated().map { "--s\($0):\($1)" }.joined(separator: ";"))}}
        \((0..<ChartPalette.light.count).map { ".s\($0){stroke:var(--s\($0));fill:var(--s\($0))}.b\($0){background:var(--s\($0))}" }.joined())

        """

    private static let layout = """
        *{box-sizing:border-box}
        html{scroll-behavior:smooth;scroll-padding-top:4rem;-webkit-text-size-adjust:100%}
        @media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}*{transition:none!important}}
        body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
        .wrap{max-width:1140px;margin:0 auto;padding:0 clamp(16px,4vw,36px)}
        header{padding:clamp(28px,6vw,56px) 0 24px;background:var(--card);border-bottom:1px solid var(--line)}
        .eyebrow{margin:0 0 .35rem;color:var(--accent);font-size:.78rem;font-weight:650;letter-spacing:.09em;text-transform:uppercase}
        h1{margin:0;font-size:clamp(1.6rem,4.6vw,2.5rem);line-height:1.15;letter-spacing:-.021em;font-weight:700;overflow-wrap:anywhere}
        .subtitle{margin:.6rem 0 0;color:var(--quiet);max-width:75ch}
        nav{position:sticky;top:0;z-index:5;background:color-mix(in srgb,var(--ground) 88%,transparent);backdrop-filter:blur(10px);border-bottom:1px solid var(--line)}
        nav .wrap{display:flex;gap:1.4rem;overflow-x:auto;scrollbar-width:none;white-space:nowrap}
        nav a{padding:.75rem 0;color:var(--quiet);text-decoration:none;font-size:.92rem;font-weight:550;border-bottom:2px solid transparent}
        nav a:hover,nav a.here{color:var(--ink);border-color:var(--accent)}
        section{margin:clamp(32px,5vw,52px) 0}
        h2{margin:0 0 .4rem;font-size:1.42rem;letter-spacing:-.012em;line-height:1.25}
        h3{margin:1.6rem 0 .6rem;font-size:1.02rem}
        .lead{margin:0 0 1.1rem;color:var(--quiet);max-width:78ch}
        .note{margin:.9rem 0;padding:.65rem .9rem;border-left:3px solid var(--warn);background:var(--warn-ground);border-radius:0 8px 8px 0;max-width:90ch;font-size:.94rem}
        footer{padding-top:8px;padding-bottom:48px;color:var(--quiet);font-size:.86rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:1.6rem 0 0;padding:0;list-style:none}
        .tiles li{padding:.85rem 1rem;border:1px solid var(--line);border-radius:12px;background:var(--ground)}
        .tiles span{display:block;color:var(--quiet);font-size:.82rem;font-weight:550}
        .tiles b{display:block;font-size:1.5rem;line-height:1.3;letter-spacing:-.02em;font-weight:680;overflow-wrap:anywhere}
        .tiles small{color:var(--quiet);font-size:.8rem}
        .key{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin:.2rem 0 .4rem;padding:0;list-style:none;font-size:.86rem;color:var(--quiet)}
        header .key{margin-top:1.2rem;font-size:.95rem;color:var(--ink)}
        .swatch{display:inline-block;flex:none;width:.7em;height:.7em;margin-right:.5em;border-radius:3px}
        details{margin:1rem 0;border:1px solid var(--line);border-radius:12px;background:var(--card);padding:0 1rem}
        summary{padding:.8rem 0;cursor:pointer;font-weight:600}
        details[open]{padding-bottom:1rem}
        :focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}

        """

    private static let figures = """
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px}
        .chart{display:flex;flex-direction:column;margin:0;padding:1rem 1rem .5rem;border:1px solid var(--line);border-radius:14px;background:var(--card)}
        .chart figcaption{font-weight:620;font-size:.98rem;margin-bottom:.2rem}
        .chart svg{display:block;width:100%;height:auto;margin-top:auto;touch-action:pan-y}
        svg text{font-size:14px;fill:var(--quiet);font-family:inherit}
        .grid{stroke:var(--line)}.axis{stroke:var(--quiet);stroke-opacity:.55}
        .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}.faint{stroke-width:1;stroke-opacity:.5}.dot{stroke:var(--card);stroke-width:1.5}
        .rule{stroke:var(--quiet);stroke-dasharray:3 3}.spot{stroke:var(--card);stroke-width:2}
        #tip{position:fixed;z-index:9;pointer-events:none;max-width:min(320px,80vw);padding:.5rem .7rem;border-radius:9px;background:var(--card);border:1px solid var(--line);box-shadow:0 6px 24px rgb(0 0 0/.18);font-size:.86rem;line-height:1.45}
        #tip p{margin:0;display:flex;align-items:center;gap:.1rem}#tip p b{margin-left:auto;padding-left:1rem;font-weight:620}#tip .what{color:var(--quiet)}
        #tip .thumb{display:block;background-repeat:no-repeat;margin-bottom:.35rem;border-radius:5px;background-color:#fff}
        .scroll{overflow-x:auto;margin:.8rem 0;border:1px solid var(--line);border-radius:14px;background:var(--card)}
        table{border-collapse:collapse;width:100%;font-size:.93rem}
        caption{padding:.8rem 1rem .2rem;text-align:left;color:var(--quiet);font-size:.88rem}
        th,td{padding:.55rem .9rem;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
        tbody tr:last-child>*{border-bottom:0}
        td:first-child{white-space:normal;min-width:9rem}thead th{color:var(--quiet);font-size:.82rem;font-weight:600}
        .n{text-align:right}td small{color:var(--quiet)}.n small{display:block;font-size:.78rem;line-height:1.2}
        .whisker{display:block;width:72px;height:8px;margin:3px 0 0 auto}
        .whisker path{stroke:var(--accent);stroke-width:2;stroke-opacity:.5;fill:none}.whisker circle{fill:var(--accent)}
        dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,330px),1fr));gap:0 2rem;margin:.8rem 0}
        dl div{display:flex;gap:1rem;justify-content:space-between;padding:.45rem 0;border-bottom:1px solid var(--line)}
        dt{color:var(--quiet)}dd{margin:0;text-align:right;overflow-wrap:anywhere}dd small{color:var(--quiet)}
        .shares h3{margin-top:1.2rem}.shares .bar{display:flex;gap:2px;height:18px;border-radius:7px;overflow:hidden}.shares .bar i{flex-basis:2px;min-width:2px}
        .shares ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,1fr));gap:.2rem 2rem;margin:.7rem 0 0;padding:0;list-style:none;font-size:.92rem}
        .shares li{display:flex;align-items:center}.shares li span{color:var(--quiet)}.shares li b{margin-left:auto;font-weight:600}.shares li small{width:4.4em;text-align:right;color:var(--quiet)}
        .listing{min-width:0}.listing pre{margin:0;padding:1rem 0;overflow-x:auto;border:1px solid var(--line);border-radius:14px;background:var(--card);font:.86rem/1.65 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;counter-reset:l;tab-size:4}
        .l{display:block;padding:0 1rem 0 3.6rem;position:relative;counter-increment:l;white-space:pre}.l::before{content:counter(l);position:absolute;left:0;width:2.6rem;text-align:right;color:var(--quiet);opacity:.6;user-select:none}
        .t-keyword{color:var(--s3);font-weight:600}.t-command{color:var(--s0);font-weight:600}.t-option{color:var(--s5)}.t-number{color:var(--s1)}.t-string{color:var(--s2)}.t-variable{color:var(--s4)}.t-comment{color:var(--quiet);font-style:italic}.t-symbol{color:var(--quiet)}

        """

    private static let pictures = """
        .run{display:flex;align-items:center;margin:.1rem 0 .3rem;font-size:.88rem;font-weight:600}
        .query{display:grid;grid-template-columns:auto minmax(0,1fr);gap:14px;align-items:start;margin:0 0 12px;padding:12px;border:1px solid var(--line);border-radius:14px;background:var(--card)}
        .strip{display:flex;gap:8px;overflow-x:auto;padding-bottom:2px}
        .answers{min-width:0}.answers .strip+.run{margin-top:.7rem}
        .picture{flex:none;width:104px;margin:0;padding:4px;border-radius:9px;border:3px solid transparent;text-align:center}
        .picture img{display:block;width:90px;height:90px;object-fit:contain;background:#fff;border-radius:4px}
        .picture figcaption{margin-top:3px;font-size:.76rem;line-height:1.3}.picture figcaption b,.picture figcaption span{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}.picture figcaption b{font-weight:600}.picture figcaption span{color:var(--quiet)}
        .asked{border-color:var(--quiet)}.right{border-color:var(--good)}.wrong{border-color:var(--bad)}
        .right figcaption span::before{content:"✓ ";color:var(--good);font-weight:700}.wrong figcaption span::before{content:"✗ ";color:var(--bad);font-weight:700}
        .heat{font-size:.82rem;width:auto;border-collapse:separate;border-spacing:2px;margin:10px}.heat th,.heat td{border:0;padding:.25rem .4rem;text-align:center}
        .heat td:not(.corner){min-width:2.6rem;height:2.3rem;border-radius:6px;background:var(--faint)}.heat .own,.heat .other,.heat .rest{color:var(--heat-ink)}
        .heat td.own{background:rgb(var(--heat-own)/var(--p))}.heat td.other{background:rgb(var(--heat-other)/var(--p))}.heat td.rest{background:rgb(var(--heat-rest)/var(--p))}
        .heat th{font-weight:500;color:var(--quiet)}.heat th img{display:block;margin:0 auto 2px;width:34px;height:34px;object-fit:contain;background:#fff;border-radius:4px}.heat th span{display:block;max-width:84px;margin:0 auto;overflow:hidden;text-overflow:ellipsis}
        .heat th[scope=row]{display:flex;gap:.5rem;align-items:center;justify-content:flex-end}.heat th[scope=row] img{margin:0;order:1}.heat th[scope=row] span{margin:0;max-width:130px}
        .corner span{color:var(--quiet);font-size:.76rem;white-space:nowrap}
        .pairs{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:10px;margin:.8rem 0;padding:0;list-style:none}
        .pairs li{display:flex;align-items:center;gap:.5rem;padding:10px 12px;border:1px solid var(--line);border-radius:12px;background:var(--card);font-size:.88rem}
        .pairs img{width:52px;height:52px;object-fit:contain;background:#fff;border-radius:5px}.pairs p{flex:1;min-width:0;margin:0 0 0 .4rem}.pairs .arrow{color:var(--quiet)}
        .pairs b{font-weight:620;overflow-wrap:anywhere}.pairs .bar{display:block;height:6px;margin:.35rem 0 .15rem;border-radius:3px;background:var(--faint);overflow:hidden}.pairs .bar i{display:block;height:100%;background:var(--bad)}.pairs small{color:var(--quiet)}
        .maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr));gap:16px}
        .map{min-width:0;padding:1rem;border:1px solid var(--line);border-radius:14px;background:var(--card)}
        .map:only-child{display:grid;grid-template-columns:minmax(0,1fr);max-width:820px;margin:0 auto;width:100%}
        .map svg{display:block;width:100%;height:auto;aspect-ratio:1;border-radius:10px;background:var(--ground);touch-action:manipulation}
        .map circle{fill:hsl(var(--h) 64% var(--map-l));fill-opacity:.86;transition:transform .7s cubic-bezier(.4,0,.2,1),fill-opacity .15s}
        .map.picked circle{fill-opacity:.1}.map.picked circle.on{fill-opacity:1}.map circle.now{stroke:var(--ink);stroke-width:3}
        .tools{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:center;margin-bottom:.7rem;font-size:.9rem}.tools label{color:var(--quiet)}
        .tools select,.tools button{font:inherit;color:inherit;padding:.3rem .7rem;border:1px solid var(--line);background:var(--ground);border-radius:8px}
        .choice{display:flex}.choice button{border-radius:0;margin-left:-1px;cursor:pointer}.choice button:first-child{border-radius:8px 0 0 8px}.choice button:last-child{border-radius:0 8px 8px 0}
        .choice button[aria-pressed=true]{background:var(--accent);border-color:var(--accent);color:var(--card);font-weight:600}
        .how{margin:.7rem 0 0;color:var(--quiet);font-size:.86rem}

        """

    private static let small = """
        @media(max-width:640px){body{font-size:15.5px}.chart{padding:.8rem .6rem .3rem}.chart svg text{font-size:18px}.query{grid-template-columns:minmax(0,1fr)}.query>.picture{width:100%;display:flex;gap:12px;align-items:center;text-align:left;border-width:0 0 0 3px;border-radius:0}.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles b{font-size:1.28rem}th,td{padding:.5rem .65rem}}
        @media print{nav{display:none}body{background:#fff}section{break-inside:avoid-page}}

        """
}
