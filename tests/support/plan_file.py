"""Looks into a plan file with stock tools only: tar, zstd and JSON."""

import json
import subprocess
import tarfile


def names(file):
    with tarfile.open(file, "r:") as tar:
        return tar.getnames()


def stored(file, name):
    with tarfile.open(file, "r:") as tar:
        return tar.extractfile(name).read()


def content(file, name):
    """An entry's content, unpacked where it is a zstd file."""
    data = stored(file, name)
    if name.endswith(".zst"):
        data = subprocess.run(["zstd", "-dc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def manifest(file):
    return json.loads(stored(file, "manifest.json"))


def contents(file):
    """What every entry that the manifest lists holds."""
    return {entry["name"]: content(file, entry["name"]) for entry in manifest(file)["entries"]}
