"How the package is made into a wheel."

from setuptools.command.build_py import build_py


class BuildWithoutIndex(build_py):
    "Leaves out the index that `nbdev-export` writes for nbdev alone."

    def find_package_modules(self, package, package_dir):
        found = super().find_package_modules(package, package_dir)
        return [(package, module, path) for package, module, path in found if module != "_modidx"]
