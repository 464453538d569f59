autocmd BufRead,BufNewFile *.vps setfiletype vps
