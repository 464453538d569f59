import Diagnostics
import VPSSyntax

func parse(_ text: String) -> ParseResult {
    Parser.parse(Array(text.utf8), file: 0)
}

/// Every diagnostic as the user sees it.
func rendered(_ text: String) -> String {
    var sources = SourceMap()
    sources.add(name: "t.vps", text: Array(text.utf8))
    let renderer = DiagnosticRenderer(color: false)
    return parse(text).diagnostics.map { renderer.render($0, in: sources) }.joined()
}

/// `line:code` of every diagnostic.
func codes(_ text: String) -> [String] {
    let file = SourceFile(name: "t.vps", text: Array(text.utf8))
    return parse(text).diagnostics.map { "\(file.line(of: $0.span?.lower ?? 0)):\($0.code.dropFirst(3))" }
}

/// The script on the first page of the manual, and one of everything else.
let sampleScript = #"""
    vps 1                                   # language version
    param alpha = 0.5 in 0..1 "weight of the original proxies"
    param net = vit-s16 in [vit-s16, vit-b16]
    seed 0
    load vit-s16                            # resolves weights
    data cub200 path="~/data/CUB_200_2011"
    prompts layers=12 n=10
    proxies gru alpha=$alpha layers=12 n=3
    tune bitfit
    loss proxy-anchor
    optim sgd lr=5e-3 proxy-lr=0.1 momentum=0.9
    schedule cosine epochs=50 min=1e-8 \
      warmup=2
    train epochs=15 batch=64 per-class=2 memory=4GiB limit=30min -> fit
    eval recall=[1, 2, 4, 8] map -> result
    assert $result.recall@1 > 0.80 "worse than the published baseline"
    print "R@1 {$result.recall@1:.3} after {$fit.minutes:.1} min"
    let rates = [1e-3, 5e-3,
      1e-2]  # three
    let last = -$result.loss * 2 ^ -3 % 7 - (1 - 2)
    def finetune(epochs, rate=1e-3) {
      optim adamw lr=$rate
      train epochs=($epochs + 1)
    }
    for rate in $rates { finetune 2 rate=$rate }
    for a, b in [(1, 2), (3, 4)] { print "{$a} {$b:>8.2e}" }
    if $last > max(0.5, log(2)) and not $fit.stopped or false {
      include "more.vps"
    } else if $last == 1..5 by 2 {
      quit
    } else {
      help proxies.alpha; status
    }
    sweep alpha-by-n seeds=3 rank=recall@1 range=0.1..0.5 by 0.1 start=-1 {
      vary alpha in [0.1, 0.3]
      vary a, b in [(1, 2), (3, 4)]
      proxies gru alpha=$alpha
    } -> table
    report
    """#
