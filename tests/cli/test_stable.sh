# The same input gives the same bytes, wherever and whenever.
. "$CLI/lib.sh"

lines 'FROM debian:bookworm' '@apt curl git' 'FROM python:3.12-slim-bookworm' 'WORKDIR /app' \
    '@pip -r requirements.txt' 'COPY . .' >Dockerfile.in
lines flask >requirements.txt

begin '20 compilations under different locales, time zones and directories'
zones='UTC Asia/Tokyo America/St_Johns Europe/Berlin'
locales='C C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8 ja_JP.eucJP'
count=0
for zone in $zones; do
    for locale in $locales; do
        count=$((count + 1))
        mkdir "place $count"
        cp Dockerfile.in requirements.txt "place $count"
        (cd "place $count" && TZ=$zone LC_ALL=$locale LANG=$locale "$DFC" build >../result 2>err) ||
            fail "status is not 0: $(cat "place $count/err")"
        cksum <result >>sums
    done
done
equal "$(grep -c '' sums)" 20
equal "$(sort -u sums | grep -c '')" 1
[ -s result ] || fail 'the result is empty'

begin 'the messages are the same under each locale'
for locale in $locales; do
    run_with LC_ALL="$locale" build no-such-file
    status 3
    stderr "dfc: cannot read 'no-such-file': No such file or directory"
done

begin 'the output does not name the directory'
run build "$PWD/Dockerfile.in"
status 0
same out result
lacks out "$PWD"

begin 'standard output and -o get the same bytes'
run build -o Dockerfile
status 0
same Dockerfile result

begin 'the output compiles to itself'
run build Dockerfile
status 0
stderr
same out Dockerfile

finish
