#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace escalon {

/// A file of one test with rights 0600, replaced as an editor would do it, and gone afterwards.
class TempFile {
 public:
  explicit TempFile(std::string_view text) {
    std::string name = testing::TempDir() + "security_XXXXXX";
    const int fd = ::mkstemp(name.data());
    EXPECT_GE(fd, 0);
    ::close(fd);
    path_ = name;
    Replace(text);
  }
  ~TempFile() { std::remove(path_.c_str()); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  void Replace(std::string_view text) {
    const std::string fresh = path_ + ".new";
    std::ofstream(fresh, std::ios::binary) << text;
    ::chmod(fresh.c_str(), 0600);
    std::rename(fresh.c_str(), path_.c_str());
  }
  void Rights(mode_t mode) { ::chmod(path_.c_str(), mode); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace escalon
