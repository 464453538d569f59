" Vim syntax of .vps scripts.
" Written by generate-vptsp from the catalog. Change VimSyntax.swift or a declaration, not this file.
if exists('b:current_syntax') | finish | endif
let s:cpo = &cpo
set cpo&vim

syntax match vpsOperator /\v\=\=|!\=|\<\=|\>\=|\.\.|[-+*/%^<>]/
syntax match vpsContinuation /\v\\\s*$/
syntax match vpsWord /\v[[:alpha:]_]%([[:alnum:]_]|[-.@][[:alnum:]_]@=)*/
syntax match vpsChoice /\v%([[:alnum:]_$@.-])@<!%(distance-weighted|subcenter-arcface|lifted-structure|multi-similarity|patch-embedding|norm-softmax|proxy-anchor|adaptformer|contrastive|feature-raw|map-counted|recall-at-k|soft-triple|tensorboard|batch-hard|descending|hyperbolic|orthogonal|quick-gelu|sequential|validation|distorted|multistep|proxy-nca|bilinear|constant|head-raw|imagenet|inat2018|left-out|measured|nesterov|openblas|parallel|schedule|semihard|skip-bad|vit-nano|adapter|arcface|augment|bicubic|cars196|compare|cosface|feature|folders|generic|hyp-vit|mean-ap|nt-xent|present|prompts|proxies|results|rs-at-k|shallow|sup-con|threads|touched|triplet|vit-b16|vit-s16|vptsp-g|vptsp-m|anchor|bitfit|chosen|circle|cosine|cub200|folder|glyphs|inshop|linear|normal|onednn|paper1|random|ranked|recall|remove|simple|xavier|adamw|batch|brief|dense|exact|first|layer|local|merge|never|optim|order|paper|simix|slurm|table|tiles|train|untag|whole|adam|asha|best|bf16|clip|crop|data|deep|each|fast|full|gelu|grid|half|hard|head|hnsw|json|last|list|load|lora|loss|mean|near|none|onnx|post|rate|relu|seed|show|step|tanh|test|text|timm|tune|all|csv|f32|far|gru|log|low|map|nca|nmi|pre|sgd|sop|tag|tpe|vit|vpt|yes)%([[:alnum:]_]|[-.@][[:alnum:]_])@!/
syntax match vpsWordOperator /\v%([[:alnum:]_$@.-])@<!%(and|or|not|in|by)%([[:alnum:]_]|[-.@][[:alnum:]_])@!/
syntax match vpsBoolean /\v%([[:alnum:]_$@.-])@<!%(true|false)%([[:alnum:]_]|[-.@][[:alnum:]_])@!/
syntax match vpsFunction /\v%([[:alnum:]_$@.-])@<!%(log|sqrt|round|min|max|mean|std|len|range)\(@=/
syntax match vpsNumber /\v%([[:alnum:]_$@])@<!\d[0-9_]*%(\.\d[0-9_]*)?%([eE][-+]?\d+)?%(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB|ms|s|min|h|d)?[[:alnum:]_]@!/
syntax match vpsParameter /\v%([[:alnum:]_$@.-])@<![[:alpha:]_]%([[:alnum:]_]|[-.@][[:alnum:]_]@=)*%(\s*\=\=@!)@=/
syntax match vpsOption /\v%([[:alnum:]_$@.-])@<!%(count-temperature|checkpoint-steps|rank-temperature|ef-construction|negative-margin|positive-margin|margin-degrees|miner-farthest|freeze-epochs|interpolation|miner-epsilon|miner-cutoff|miner-margin|weight-decay|cache-limit|micro-batch|temperature|activation|checkpoint|clip-value|experiment|milestones|train-list|clip-norm|curvature|embedding|integrate|mlp-ratio|normalize|partition|per-class|test-list|clusters|evaluate|interval|momentum|products|proxy-lr|restarts|validate|centers|dropout|head-lr|prompts|queries|targets|threads|weights|decode|divide|epochs|factor|figure|format|freeze|images|lambda|layers|margin|memory|mlflow|output|recall|resize|trials|update|warmup|alpha|batch|betas|cache|delta|depth|epoch|folds|gamma|heads|image|index|limit|miner|patch|prune|query|range|ratio|scale|seeds|split|steps|where|base|beta|cell|clip|cpus|crop|flip|fold|from|init|jobs|keep|kind|mode|name|norm|path|rank|rung|runs|sort|step|stop|tags|time|wait|dim|eps|min|by|ef|ln|lr|on|k|m|n)%(\s*\=\=@!)@=/
syntax match vpsVariable /\v\$[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=)*/ nextgroup=vpsField
syntax match vpsField /\v%(\.[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=|\@[[:alnum:]_]@=)*)+/ contained
syntax match vpsCall /\v%(%(^|[;{}])\s*)@<=[[:alpha:]_]%([[:alnum:]_]|[-.@][[:alnum:]_]@=)*/
syntax match vpsCommand /\v%(%(^|[;{}])\s*)@<=%(load|method|tune|prompts|adapter|lora|proxies|head|data|augment|loss|optim|schedule|seed|threads|precision|track|train|resume|replay|sweep|eval|search|compare|table|report|plot|embed|index|save|restore|export|import|runs|sync|show|diff|undo|redo|status|help|quit)%([[:alnum:]_]|[-.@][[:alnum:]_])@!/
syntax match vpsKeyword /\v%(%(^|[;{}])\s*)@<=%(vps|param|def|let|if|else|for|include|assert|print|vary)%([[:alnum:]_]|[-.@][[:alnum:]_])@!/ nextgroup=vpsName skipwhite
syntax match vpsName /\v%(%(^|[;{}])\s*%(let|param|for|vary|def)\s+)@<=[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=)*%(\s*,\s*[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=)*)*/ contained
syntax match vpsResult /\v%(-\>\s*)@<=[[:alpha:]_]%([[:alnum:]_]|-[[:alpha:]_]@=)*/
syntax match vpsArrow /->/ nextgroup=vpsResult skipwhite
syntax cluster vpsExpression contains=vpsOperator,vpsWord,vpsChoice,vpsWordOperator,vpsBoolean,vpsFunction,vpsNumber,vpsVariable,vpsString

syntax region vpsString start=/"/ skip=/\\./ end=/"/ contains=vpsEscape,vpsBadEscape,vpsInterpolation
syntax match vpsBadEscape /\\./ contained
syntax match vpsEscape /\v\\%([ntr"\\{}]|u\{\x{1,8}\})/ contained
syntax region vpsInterpolation matchgroup=vpsBrace start=/{/ end=/}/ oneline contained contains=@vpsExpression,vpsFormat
syntax match vpsFormat /\v:[<>]?\d{,3}%(\.\d{1,2})?[e%]?\}@=/ contained
syntax match vpsComment /#.*$/ contains=vpsTodo,@Spell
syntax keyword vpsTodo TODO FIXME XXX contained

highlight default link vpsComment Comment
highlight default link vpsTodo Todo
highlight default link vpsKeyword Keyword
highlight default link vpsCommand Statement
highlight default link vpsCall Function
highlight default link vpsOption Type
highlight default link vpsParameter Type
highlight default link vpsName Identifier
highlight default link vpsResult Identifier
highlight default link vpsArrow Operator
highlight default link vpsVariable Identifier
highlight default link vpsField Identifier
highlight default link vpsChoice Constant
highlight default link vpsBoolean Boolean
highlight default link vpsNumber Number
highlight default link vpsFunction Function
highlight default link vpsOperator Operator
highlight default link vpsWordOperator Operator
highlight default link vpsContinuation Special
highlight default link vpsString String
highlight default link vpsEscape SpecialChar
highlight default link vpsBadEscape Error
highlight default link vpsBrace Delimiter
highlight default link vpsFormat SpecialChar

syntax sync minlines=200
let b:current_syntax = 'vps'
let &cpo = s:cpo
unlet s:cpo
