#!/usr/bin/env python3
"""What PyYAML makes of tricky YAML: python3 pyyaml.py > pyyaml.tsv

Each line: the snippet and its value, both as JSON. Keys are the texts of their scalars, whatever type PyYAML sees in them, and dates are
texts, since Nodepool has no use for either; a snippet that PyYAML refuses has the value "error".
"""
import json
import math
import sys

import yaml

SCALARS = """
0 1 -1 +1 007 08 0o17 0x1F 0XFF 0b101 0b 0x 1_000 _1 1__0 1:30 1:60 -1:30 1:2:3 190:20:30 1:30.5 0:0 00 0_7 +0x1f -0b1 0x_f 1_ -_1
1.0 1. .5 -.5 +.5 1.5e3 1.5e+3 1e3 1E5 1e+3 1.e+1 . .. 1.2.3 -1.0 1_0.5 .inf -.inf +.inf .Inf .INF .iNF .nan .NaN .NAN -.nan .e1 1.0e-2 0.0 00.5 0x1.8
yes Yes YES yEs no No NO nO on On ON off Off OFF true True TRUE tRue false False FALSE y Y n N t f
~ null Null NULL nUll None nil
2017-08-09 2001-12-14t21:59:43.10-05:00 12:30:45 1.2.3.4 ::1 fe80::1 a:b a:b:c http://example.org/x:8080 tcp://zl01:8888 C:\\dir
'' "" 'x' "x" 'yes' "1" '~' 'it''s' "a\\tb" "\\x41" "\\u00e9" "\\U0001F600" "\\0" "\\e" "\\_" "\\N" "\\L" "\\P" "\\/" "\\"" "\\\\" "\\q" "\\x4" '\\n'
a-b a_b a.b -a --a ---a ?a :a a? a: a# #a a,b a] a} a&b a*b a!b a|b a>b a%b a@b %a @a `a |a >a &a *a !a !!str !!str\\x201 !x ! =x = <<x << - ? : , [ ] { }
""".split()
# Words with blanks cannot be split like this.
SCALARS = [s.replace("\\x20", " ").replace("\\\\", "\\") if "\\x20" in s or s.startswith("C:") or s[:1] in "'\"" else s for s in SCALARS]
SCALARS += ["a b", "a  b", "a #b", "a#b", "a # b", "a: b", "a :b", "a : b", "- a", "? a", "'a' b", '"a" b', "'a'#b", "'a' #b", "[a]b", "*x", "&x a", "&x", "!!str 1", "!!int '1'",
            "!!int x", "!!float 1", "!!bool yes", "!!null ''", "!!null x", "!!binary aGk=", "!!map {}", "!!seq []", "!!set {a, b}", "!!omap [a: 1]", "! 1", "!local x", "!!python/none",
            "\t1", "1\t", "1 \t#x", "\u00a0x", "x\u00a0", "ä", "日本語", "😀", "a\u0085b", "a\u2028b", "\u200bx", "%(X)", "'%(X)'", "a%(X)"]

SNIPPETS = [
    "", " ", "\n", "# x", "---", "--- x", "---\nx", "--- a: 1", "---\na: 1\n...", "...", "a: 1\n---\nb: 2", "%YAML 1.1\n---\na: 1", "%YAML 1.2\n---\na: 1", "%YAML 2.0\n---\na: 1", "%FOO x\n---\na: 1",
    "%TAG ! tag:x,2000:\n---\na: 1", "%YAML 1.1\na: 1", "--- |\n x", "--- >\n x\n y", "--- # c\na: 1", "a: 1\n...\n", "a: 1\n...\nb: 2", "\ufeffa: 1", "a: 1\n\ufeffb: 2",
    "a: 1\nb: 2\na: 3", "{a: 1, a: 2}", "a: 1\n'a': 2", "a:", "a: \n", "a:\nb:", "a:\n  b:\n    c:", "a: {}", "a: []", "{a}", "{a, b: 1}", "{a: , b: }", "{a:1}", "{a:1, b: 2}", "{'a':1}", '{"a":1}', "{a: 1,}", "[a,]",
    "[,]", "[a,,b]", "{,}", "[a: 1]", "[a: 1, b]", "[{a: 1}, [b]]", "[[]]", "[? a : b]", "[a b, c d]", "[a\nb]", "[a\n]", "[\na,\nb\n]", "a: [\n  b,\n  c]", "a: [b,\nc]", "a:\n  b: [c,\n  d]", "a:\n  b: [c,\n d]\n  e: f", "a:\n  b: [c d\n e]", "a:\n- b: [c,\n  d]\n  e: f", "- - a: [b,\nc]\n  - d", "a: [b, # c\nd]", "a: [b,\n# c\n\nd]", "a: [b: c,\nd: e]",
    "a: {b: 1,\nc: {d: [e,\nf],\ng: h}}\ni: j", "a: &x [b,\nc]\nd: *x", "a: [it's,\nb]", "a: [\"'\",\n'\"',\n'it''s',\nb]", "a: [b\n- c,\nd]", "a: [b,\n---\nc]", "a: [b,\r\nc]\r\nd: e", "a: [b,\nc\nd: e", "a: [b,\nc}",
    "a:\n  b: \"c\n d\n\n e\"\n  f: g", "a: \"b\\\nc\"", "a: \"b\\\"\nc\"", "a: [\"b\nc\", d]", "\"a\": \"b\nc\"", "a: \"b\n---\nc\"", "a: |\n  [\nb: [c,\nd]", "- |\n [\n- [c,\nd]", "a: b [\nc: [d,\ne]", "a: b\n  [c,\nd: [e,\nf]",
    "{a: &x 1, b: 2, c: *x}", "{a: &x 'y', b: *x}", "{a: &x , b: 2}", "{a: {b: &x 1, c: *x}, d: *x}", "[{a: &x 1, b: 2}, *x]", "{a: &x [1], b: *x}", "{&x a: 1, b: *x}", "{&x a: &y 1, *x : *y}", "[-, a]", "[a, -]", "[a -]", "[-a]", "{a: -, b: 1}", "['-']",
    "a: [\nb]", "a: [\n]", "a: {\nb: 1}", "[a #c\n, b]", "[a#c]", "[a, #c\n b]",
    "[a, b]: c", "{a: b}: c", "? [a]\n: b", "? a", "? a\n: b\n? c", "? |\n  x\n: y", "a : b", "a :b", "a\n: b", "'a' : b", "'a': b", '"a": b', "'a':b", "a:b: c", "a b: c", "a: b: c", "a: b : c", "a: 'b': c", "a: b:", "a: :b", "a: b#c", "a: b #c", "a:#b", "a: #b",
    "- a\n- b", "-a", "- - a\n  - b", "- - - a", "-  a", "-\ta", "-\n a", "-\n- a", "- a\n-b", "- a: 1\n  b: 2", "- a: 1\n b: 2", "- a\n b", "- a\n  b", "-\n  a: 1\n  b: 2", "- ? a\n  : b", "a:\n- b\n- c", "a:\n - b\n - c", "a:\n- b\nc: d", "a:\n  - b\n c: d", "a: - b", "- a\nb: 1", "a: 1\n- b",
    "a: 1\n b: 2", " a: 1\nb: 2", " a: 1\n b: 2", "a:\n  b: 1\n c: 2", "a:\n  b: 1\n  c: 2\nd: 3", "a:\n b: 1\n  c: 2", "a: x\n  y\n  z", "a: x\n\n  y", "a:\n  x\n  y", "a:\n x: 1", "a: x\ny", "a: x\n  y: z", "a:\n  x y\n  z: 1", "a: 1\n\n\nb: 2\n\n", "a: 1 \nb: 2", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2", "a: x\r\n  y",
    "a:\n\tb: 1", "\ta: 1", "a:\tb", "a: b\tc", "a: b\t", "a: 'b\tc'", "a: \"b\tc\"", "a:\n  b: 1\n\tc: 2", "- a\n\t- b", "[\ta]", "{a:\tb}", "a: |\n\tx", "a: |\n  \tx", "a: 1\n\t\nb: 2", "a: 1\n\t# c\nb: 2", "#c\n\t#d\na: 1",
    "a: |\n  x\n  y", "a: |\n  x\n   y\n  z\n", "a: |-\n  x\n", "a: |+\n  x\n\n", "a: |\n  x\n\n", "a: |\n\n  x", "a: |2\n   x", "a: |1\n x", "a: |-2\n  x", "a: |2-\n  x", "a: |0\n x", "a: |10\n x", "a: | # c\n  x", "a: |#c\n  x", "a: | x", "a: |\nb: 1", "a: |\n", "a: |", "a: |\n  # x\n  y", "a: |\n  x\n# c\n  y", "a: |\n  x\n # c\nb: 1",
    "a: >\n  x\n  y", "a: >\n  x\n\n  y", "a: >\n  x\n   y\n  z", "a: >-\n  x\n  y\n", "a: >+\n  x\n\n", "a: >\n\n  x", "a: >\n  x\n\n\n  y", "a: >\n  x \n  y", "- |\n  x\n- y", "- >\n x\n y\n- z", "a: |\n x\n  y\nb: 1", "a:\n  |\n  x", "a: |\n  é\n  日", "a: |\n    x\n  y", "a: >\n    x\n  y", "|\n x", ">\n x\n y", "a: |\r\n  x\r\n  y\r\n",
    "'a\nb'", "'a\n\nb'", "'a\n  b'", "'a \n b'", "\"a\nb\"", "\"a\\\nb\"", "\"a\\\n  b\"", "\"a\\n\\\n  b\"", "\"a\n\n\nb\"", "a: 'x\n  y'", "a: 'x\ny'", "a: \"x\ny\"", "'a", "\"a", "'a'b", "\"a\"b", "a: 'x' y", "'", "\"\\\"", "\"\\", "'a\n---\nb'", "\"a\n...\nb\"", "''''", "'a''''b'",
    "a: &x 1\nb: *x", "a: *x", "a: &x\nb: *x", "a: &x [1]\nb: *x", "a: &x {b: 1}\nc: *x", "a: &x [*x]", "&x a: b\nc: *x", "a: &x 1\nb: &x 2\nc: *x", "a: &x &y 1", "a: &x *x", "a: & x", "a: &x! 1", "a: &x-1 1\nb: *x-1", "a: &é 1\nb: *é", "*x : a", "a: &x k\n*x : v", "- &x a\n- *x", "[&x a, *x]", "[&x a,*x ]", "{a: &x 1, b: *x}", "&x {a: 1}", "&x\na: 1", "&x\n- a", "!!map\na: 1", "!!seq\n- a", "a: !!str\nb: 1", "a: !!str &x 1\nb: *x", "a: &x !!str 1",
    "a: &x {p: 1}\nb: {<<: *x}", "a: &x {p: 1}\nb: {<<: *x, p: 2}", "a: &x {p: 1}\nb: {p: 2, <<: *x}", "a: &x {p: 1}\nb: &y {p: 2, q: 3}\nc: {<<: [*x, *y]}", "a: &x {p: 1}\nb: &y {p: 2}\nc: {<<: [*y, *x]}", "a: &x {p: 1}\nb: &y {p: 2}\nc: {<<: *x, <<: *y}", "a: {<<: {p: 1}}", "a: {<<: []}", "a: {<<: [1]}", "a: {<<: 1}", "a: {<<: ~}", "a: {<<: }", "a: {'<<': 1}", "a: {\"<<\": {p: 1}}", "a: {!!str <<: 1}", "<<: {p: 1}\nq: 2", "q: 2\n<<: {q: 1, r: 3}", "a: &x {<<: {p: 1}, q: 2}\nb: {<<: *x}", "a: {<<: {<<: {p: 1}}}", "a: [<<]", "<<", "a: <<", "a: {<<: [{p: 1}, {p: 2}], <<: {p: 3}}", "a: {<<: [[{p: 1}]]}", "a: &x {p: &y {q: 1}}\nb: {<<: *x, p: {<<: *y, r: 2}}",
    "a: {b: {c: {d: 1}}}", "- [a, [b, [c]]]", "a: [b, {c: d}]", "- a: [1, 2]\n  b: {c: 3}", "{a: [b, c], d: {e: f}}", "{ a : b }", "[ a , b ]", "{a: 'x, y', b: [\"z]\"]}", "{a: b c, d: e}", "{a: http://x/y}", "{a: x:y}", "[a:b]", "[x:1, 2]", "{a?: b}", "{?a: b}", "[-a]", "[- a]", "[-]", "{-: a}", "[a-b]", "{a: -}", "a: [b: c, d: e]", "[\"a\":b]", "[\"a\" : b]", "{a: b: c}", "[a]]", "{a}}", "[a", "{a: 1", "[a}", "{a]", "a: [b\nc: d", "a: {b: [c", "[[a]", "a: ]", "a: }", "a: ,", "a: [b] c", "a: {b: c} d", "[a] [b]", "a b\nc d", "a\nb: c", "a: b\nc", "a: b\n c",
    "a: @b", "a: `b", "a: %b", "a: \\b", "a: \"\\b\"", "a: ?b", "a: ? b", "a: -b", "a: - b", "a: !b", "a: !b c", "a: !!b c", "a: |b", "a: >b", "a: =", "a: ~b", "a: b\\", "a: \u0001", "a: \u007f", "a: \ufffe", "a: \u0085", "a\u0085b: 1", "a: \u2028b", "a: \ud7ff", "a: x\u00adx", "ä: ö", "日本: 😀", "\"\\ud83d\\ude00\"", "a: 'é'  # ü",
    "image: |\n  #cloud-config\n  users: []\n", "key: ssh-rsa AAAA== me@host", "cron: '*/15 * * * *'", "cron: */15 * * * *", "host: zk01:2181", "dir: ~/x", "re: ^a$", "neg: -1", "pct: 50%", "at: x@y", "eq: a=b", "q: a?b", "ver: 20.04", "ver: 9-stream", "ver: 22.03-LTS", "mac: 00:11:22:33:44:55", "octal: 0644", "range: 1-2", "tpl: '{image_name}-{timestamp}'", "tpl: {image_name}-{timestamp}", "tpl: a-{b}", "jinja: '{{ x }}'", "jinja: {{ x }}", "jinja: {{ x }}-y", "erb: <%= x %>", "erb: '<%= x %>'", "shell: $HOME/x", "shell: ${HOME}",
]


class Loader(yaml.SafeLoader):
    """Dates stay texts; keys stay what was written."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node, deep=False):
        self.flatten_mapping(node)
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.YAMLError("a key that is no scalar")
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}

    def construct_map(self, node):
        return self.construct_mapping(node, deep=True)

    def construct_set(self, node):
        return self.construct_mapping(node, deep=True)

    def construct_pairs(self, node):
        return [self.construct_object(item, deep=True) for item in node.value]


Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_map)
Loader.add_constructor("tag:yaml.org,2002:set", Loader.construct_set)
Loader.add_constructor("tag:yaml.org,2002:omap", Loader.construct_pairs)
Loader.add_constructor("tag:yaml.org,2002:pairs", Loader.construct_pairs)


def value_of(text):
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError):
        return "error"


def plain(value):
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, bytes):
        return "error"
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


for snippet in dict.fromkeys(["v: " + scalar for scalar in SCALARS] + ["[" + scalar + "]" for scalar in SCALARS] + SNIPPETS):
    try:
        shown = json.dumps(plain(value_of(snippet)), ensure_ascii=True)
    except RecursionError:
        shown = '"error"'
    sys.stdout.write(json.dumps(snippet, ensure_ascii=True) + "\t" + shown + "\n")
