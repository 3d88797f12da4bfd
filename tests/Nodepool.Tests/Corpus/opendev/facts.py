#!/usr/bin/env python3
"""Counts what the files hold, with PyYAML and nothing of this product: python3 facts.py > facts.tsv"""
import glob
import os

import yaml

HEAD = ("file", "form", "labels", "min-ready", "providers", "max-servers", "pool-labels", "uploads", "cloud-images", "diskimages", "elements")


def v2_images(provider, ours):
    """Name in the provider -> diskimage, or None for a snapshot of a base image."""
    images = {}
    for image in provider["images"]:
        name = image["name"]
        if "base-image" in image and "diskimage" not in image:
            images[name] = None
        else:
            images[name] = name if name in ours else image.get("diskimage", name)
    return images


def v2(config):
    ours = {image["name"] for image in config["diskimages"]}
    providers = {provider["name"]: v2_images(provider, ours) for provider in config["providers"]}
    return (
        sum(label.get("min-ready", 2) for label in config["labels"]),
        sum(max(0, provider["max-servers"]) for provider in config["providers"]),
        sum(label["image"] in providers[use["name"]] for label in config["labels"] for use in label["providers"]),
        sum(len({image for image in images.values() if image}) for images in providers.values()),
        sum(image is None for images in providers.values() for image in images.values()),
    )


def present(config):
    pools = [pool for provider in config["providers"] for pool in provider.get("pools", [])]
    return (
        sum(label.get("min-ready", 0) for label in config.get("labels", [])),
        sum(max(0, pool["max-servers"]) for pool in pools),
        sum(len({label["name"] for label in pool["labels"]}) for pool in pools),
        sum(len({image["name"] for image in provider.get("diskimages", [])}) for provider in config["providers"]),
        sum(len(provider.get("cloud-images", [])) for provider in config["providers"]),
    )


def elements(config):
    """Of all diskimages, those of parents counted again for each child."""
    images = {image["name"]: image for image in config["diskimages"]}

    def own(image):
        return len(image.get("elements", [])) + (own(images[image["parent"]]) if "parent" in image else 0)

    return sum(map(own, images.values()))


print(*HEAD, sep="\t")
for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*.yaml"))):
    with open(path, encoding="utf-8") as file:
        config = yaml.safe_load(file)
    form = "v2" if any("images" in provider for provider in config["providers"]) else "present"
    ready, servers, pool_labels, uploads, cloud = (v2 if form == "v2" else present)(config)
    print(
        os.path.basename(path), form, len(config.get("labels", [])), ready, len(config["providers"]), servers, pool_labels, uploads, cloud,
        len(config["diskimages"]), elements(config), sep="\t")
