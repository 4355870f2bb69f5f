"""Every test that docs/reliability.md names exists: a row of the matrix is not shown by a name."""

import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
source = "\n".join(path.read_text(errors="replace") for path in (root / "tests").rglob("*_test.cc"))
known = {(suite, name) for suite, name in re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", source, re.M)}
suites = {suite for suite, _ in known}
names = {name for _, name in known}
rows = 0
faults = []
for line in (root / "docs/reliability.md").read_text().splitlines():
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) < 5 or not re.match(r"[A-Z]+-\d+", cells[1]):
        continue
    rows += len(re.findall(r"[A-Z]+-\d+", cells[1]))
    for suite, name in re.findall(r"\b([A-Z]\w+)\.(\w+|\*)", cells[3]):
        if suite not in suites or (name != "*" and (suite, name) not in known):
            faults.append(f"{cells[1]}: there is no test {suite}.{name}")
    # Further ones of the suite before, without its name.
    for name in re.findall(r", ([A-Z][a-z]+[A-Z]\w+)(?![\w.])", cells[3]):
        if name not in names and name not in suites:
            faults.append(f"{cells[1]}: there is no test {name}")
if rows != 100:
    faults.append(f"the matrix has 100 rows, the document {rows}")
print("\n".join(faults) or f"{rows} rows, every test named exists")
sys.exit(1 if faults else 0)
