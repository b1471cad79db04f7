"""Runs llama.cpp's own HTTP server out of an unpacked xllamacpp wheel that lies beside this file.

It takes llama-server's arguments and gives its answers: the server inside the wheel is the same C++
code. Exit codes: 2 for an argument that is not known here (it is named), 1 for a model that cannot
be loaded (llama.cpp's error lines say why), 0 after SIGTERM or SIGINT once it listens.
"""

import argparse
import os
import signal
import sys

# Fields of CommonParams that an argument sets as it stands, with the names of the argument.
NUMBERS = {
    "n_parallel": ["-np", "--parallel"],
    "n_ctx": ["-c", "--ctx-size"],
    "n_batch": ["-b", "--batch-size"],
    "n_ubatch": ["-ub", "--ubatch-size"],
    "n_predict": ["-n", "--predict", "--n-predict"],
    "n_threads_http": ["--threads-http"],
    "n_cache_reuse": ["--cache-reuse"],
    "cache_ram_mib": ["-cram", "--cache-ram"],
    "main_gpu": ["-mg", "--main-gpu"],
    "sleep_idle_seconds": ["--sleep-idle-seconds"],
    "verbosity": ["-lv", "--verbosity", "--log-verbosity"],
    "port": ["--port"],
}
SWITCHES = {
    "embedding": (["--embedding", "--embeddings"], []),
    "endpoint_metrics": (["--metrics"], []),
    "endpoint_slots": (["--slots"], ["--no-slots"]),
    "endpoint_props": (["--props"], []),
    "check_tensors": (["--check-tensors"], []),
    "offline": (["--offline"], []),
    "use_jinja": (["--jinja"], ["--no-jinja"]),
    "ui": (["--ui", "--webui"], ["--no-ui", "--no-webui"]),
    "warmup": (["--warmup"], ["--no-warmup"]),
    "cache_prompt": (["--cache-prompt"], ["--no-cache-prompt"]),
    "ctx_shift": (["--context-shift"], ["--no-context-shift"]),
    "kv_unified": (["-kvu", "--kv-unified"], ["-no-kvu", "--no-kv-unified"]),
}
LAYERS = {"auto": -1, "all": -2}


def arguments():
    parser = argparse.ArgumentParser(prog="llama_server.py", allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for field, names in NUMBERS.items():
        parser.add_argument(*names, dest=field, type=int)
    for field, (on, off) in SWITCHES.items():
        parser.add_argument(*on, dest=field, action="store_true")
        if off:
            parser.add_argument(*off, dest=field, action="store_false")
    parser.add_argument("-m", "--model", required=True)
    parser.add_argument("-a", "--alias")
    parser.add_argument("--host")
    parser.add_argument("--api-key")
    parser.add_argument("-t", "--threads", type=int)
    parser.add_argument("-tb", "--threads-batch", type=int)
    parser.add_argument("-ngl", "--gpu-layers", "--n-gpu-layers", type=lambda text: LAYERS.get(text) or int(text))
    parser.add_argument("-fa", "--flash-attn", choices=["on", "off", "auto"])
    parser.add_argument("-fit", "--fit", choices=["on", "off"])
    parser.add_argument("--pooling", choices=["none", "mean", "cls", "last", "rank"])
    parser.add_argument("--chat-template")
    parser.add_argument("--chat-template-file", type=argparse.FileType(encoding="utf-8"))
    parser.add_argument("-lm", "--load-mode", choices=["auto", "none", "mmap", "mlock", "mmap+mlock", "dio"])
    # Older servers' words for load modes.
    parser.add_argument("--no-mmap", dest="load_mode", action="store_const", const="none")
    parser.add_argument("--mlock", dest="load_mode", action="store_const", const="mmap+mlock")
    return vars(parser.parse_args())


def words(text):
    return [word.strip() for word in text.split(",") if word.strip()]


def parameters(llama, given):
    params = llama.CommonParams()
    # What llama-server chooses where it is told nothing, and the library does not.
    params.port, params.n_parallel = 8080, -1
    for field in given.keys() & (NUMBERS.keys() | SWITCHES.keys()):
        setattr(params, field, given[field])
    if params.n_parallel < 1:
        params.n_parallel, params.kv_unified = 4, True
    if params.embedding:
        params.n_batch = min(params.n_batch, params.n_ubatch)
    params.model.path = given["model"]
    params.hostnames = words(given.get("host", "127.0.0.1"))
    params.api_keys = words(given.get("api_key", os.environ.get("LLAMA_API_KEY", "")))
    params.model_alias = set(words(given.get("alias", "")))
    params.cpuparams.n_threads = given.get("threads", -1)
    params.cpuparams_batch.n_threads = given.get("threads_batch", given.get("threads", -1))
    params.n_gpu_layers = given.get("gpu_layers", params.n_gpu_layers)
    params.fit_params = given.get("fit", "on") == "on"
    if "flash_attn" in given:
        words_for = {"on": "ENABLED", "off": "DISABLED", "auto": "AUTO"}
        params.flash_attn_type = llama.llama_flash_attn_type["LLAMA_FLASH_ATTN_TYPE_" + words_for[given["flash_attn"]]]
    if "pooling" in given:
        params.pooling_type = llama.llama_pooling_type["LLAMA_POOLING_TYPE_" + given["pooling"].upper()]
    if "load_mode" in given:
        mode = {"dio": "DIRECT_IO", "mmap+mlock": "MMAP_MLOCK"}.get(given["load_mode"], given["load_mode"].upper())
        params.load_mode = llama.llama_load_mode["LLAMA_LOAD_MODE_" + mode]
    if "chat_template_file" in given:
        params.chat_template = given["chat_template_file"].read()
    params.chat_template = given.get("chat_template", params.chat_template)
    return params


def main():
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    if sys.argv[1:] == ["--version"]:
        import xllamacpp

        print(f"version: xllamacpp {xllamacpp.__version__}")
        return
    given = arguments()
    # The server holds the interpreter while it loads, and no Python handler runs: the default action
    # ends it at once then.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    import xllamacpp

    try:
        server = xllamacpp.Server(parameters(xllamacpp, given))
    except RuntimeError as failure:
        print(f"error: {failure}", file=sys.stderr, flush=True)
        os._exit(1)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: os._exit(0))
    # In one write: the server's own threads write log lines at the same time.
    os.write(1, f"listening on {server.listening_address}\n".encode())
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
