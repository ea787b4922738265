#!/bin/sh
# Makes the certificates of the tests anew: an authority, and what it signs (good, expired, for another host). Needs OpenSSL 3.
set -e
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
touch index.txt
cat > ca.cnf <<'CNF'
[ca]
default_ca = authority
[authority]
database = index.txt
unique_subject = no
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
[v3_authority]
basicConstraints = critical, CA:true
subjectKeyIdentifier = hash
[req]
distinguished_name = name
[name]
CNF
key() { openssl req -config ca.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@"; }
key -subj '/CN=Taskloom test authority' -keyout authority.key -out authority.csr
openssl ca -config ca.cnf -batch -selfsign -keyfile authority.key -in authority.csr -extensions v3_authority -notext \
  -startdate 20200101000000Z -enddate 21200101000000Z -out authority.pem
sign() {
  key -subj "/CN=$2" -addext "subjectAltName=DNS:$2" -keyout "$1.key" -out "$1.csr"
  openssl ca -config ca.cnf -batch -keyfile authority.key -cert authority.pem -in "$1.csr" -notext \
    -startdate 20200101000000Z -enddate "$3" -out "$1.pem"
  cp "$1.key" "$1.pem" "$here"
}
sign good agent.test 21200101000000Z
sign other other.test 21200101000000Z
sign expired agent.test 20200201000000Z
cp authority.pem "$here"
