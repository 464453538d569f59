" Vim and Neovim: how .vps scripts are edited.
if exists('b:did_ftplugin') | finish | endif
let b:did_ftplugin = 1

setlocal comments=:# commentstring=#\ %s
setlocal formatoptions-=t formatoptions+=croql
setlocal iskeyword=@,48-57,_,-
setlocal shiftwidth=2 softtabstop=2 expandtab
" `gf` and `[i` follow includes.
setlocal include=^\\s*include\\>\ *\" suffixesadd=.vps
" `gq` over the whole file; the formatter takes whole scripts only.
setlocal makeprg=vptsp\ check\ %:S
setlocal errorformat=%E%trror[%m,%W%tarning[%m,%C\ \ %#-->\ %f:%l:%c,%Z\ %#,%-G%.%#
command! -buffer -bar VptspFormat
      \ let s:view = winsaveview() | silent %!vptsp fmt - | if v:shell_error | undo | endif | call winrestview(s:view)

let b:undo_ftplugin = 'setlocal comments< commentstring< formatoptions< iskeyword< shiftwidth< softtabstop< expandtab<'
      \ . ' include< suffixesadd< makeprg< errorformat< | silent! delcommand -buffer VptspFormat'
