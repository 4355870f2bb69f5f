#include "tests/support/temp_dir.h"

#include <cstdlib>
#include <filesystem>

namespace escalon::test {

TempDir::TempDir() : path_((std::filesystem::temp_directory_path() / "escalon-test-XXXXXX").string()) {
  if (!mkdtemp(path_.data())) path_.clear();
}

TempDir::~TempDir() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace escalon::test
