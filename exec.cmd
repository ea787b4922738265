@rem npm start says "exec node ...", so that on Linux and macOS signals sent to npm reach the server. Windows has no exec: this is it.
@%*
