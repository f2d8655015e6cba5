"""Stable Diffusion as ONNX: python models/export/sd list | random | convert | fixtures (--help tells more)."""

import argparse
from pathlib import Path

from configs import MODELS, configuration
from variants import VARIANTS

ROOT = Path(__file__).resolve().parents[3]


def list_variants(_):
    for name, variant in VARIANTS.items():
        print(f"{name:12} {variant.says}")


def random_folder(arguments):
    from networks import build
    from to_onnx import export_folder

    config = configuration(arguments.model, arguments.size)
    networks = build(config, arguments.seed)
    if arguments.reference:
        from fixtures import write_reference

        arguments.folder.mkdir(parents=True, exist_ok=True)
        write_reference(arguments.folder, networks, config, arguments.reference)
    export_folder(arguments.folder, networks, config, VARIANTS[arguments.variant])
    print(arguments.folder)


def convert(arguments):
    from checkpoint import load
    from to_onnx import export_folder

    networks, config = load(arguments.checkpoint)
    tokenizer = arguments.checkpoint / "tokenizer"
    export_folder(arguments.folder, networks, config, VARIANTS[arguments.variant], tokenizer)
    print(arguments.folder)


def write_fixtures(_):
    from fixtures import write_all

    write_all(ROOT / "src/diffusion/golden/exports")


def main():
    parser = argparse.ArgumentParser(prog="python models/export/sd", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name, run, says):
        added = commands.add_parser(name, help=says, description=says)
        added.set_defaults(run=run)
        return added

    def takes_variant(added):
        added.add_argument("folder", type=Path, help="folder to write")
        added.add_argument("--variant", choices=VARIANTS, default="optimum", help="form of the files (see list)")

    command("list", list_variants, "the forms in which public tools write the files")
    made = command("random", random_folder, "an architecture with random weights, to test and to time")
    made.add_argument("model", choices=MODELS)
    takes_variant(made)
    made.add_argument("--size", choices=("tiny", "full"), default="tiny")
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--reference", type=int, metavar="side", help="also what torch computes, pictures of so many pixels")
    converted = command("convert", convert, "a diffusers checkpoint on disk, for Splatsmith and other ONNX tools")
    converted.add_argument("checkpoint", type=Path, help="folder with unet, vae, text_encoder, tokenizer, scheduler")
    takes_variant(converted)
    command("fixtures", write_fixtures, "the miniatures that the tests read, with what torch computes")
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
