#include "common/runtime/file_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include "common/runtime/system_clock.h"
#include "tests/unit/runtime/fake_clock.h"

namespace escalon::runtime {
namespace {

class FileWatchTest : public ::testing::Test {
 protected:
  void SetUp() override { Write("first"); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void Write(const std::string& text) { std::ofstream(path_) << text; }
  std::string Read() const {
    std::ifstream in(path_);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Watch(FileWatch& watch) {
    watch.Add("secret", path_, [this]() -> Status {
      const std::string text = Read();
      if (text == "broken") return Error{ErrorCode::kInvalidArgument, "broken"};
      taken_.push_back(text);
      return {};
    });
  }
  double Sample(const std::string& line) const {
    const std::string text = metrics_.Serialize();
    const size_t at = text.find(line + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + line.size() + 1));
  }

  const std::string folder_ = [] {
    std::string name = std::filesystem::temp_directory_path() / "escalon-watch.XXXXXX";
    return std::string(mkdtemp(name.data()));
  }();
  const std::string path_ = folder_ + "/secret";
  FakeClock clock_;
  Metrics metrics_;
  std::vector<std::string> taken_;
};

TEST_F(FileWatchTest, WhatDidNotChangeIsNotReadAgain) {
  FileWatch watch(clock_, Logger(), metrics_);
  Watch(watch);
  watch.Look();
  EXPECT_TRUE(taken_.empty());
}

TEST_F(FileWatchTest, AChangeIsTakenOnce) {
  FileWatch watch(clock_, Logger(), metrics_);
  Watch(watch);
  Write("second, longer");
  watch.Look();
  watch.Look();
  EXPECT_EQ(taken_, std::vector<std::string>{"second, longer"});
  EXPECT_EQ(Sample(R"(escalon_file_reloads_total{file="secret",result="taken"})"), 1);
}

TEST_F(FileWatchTest, ALinkSwappedToAnotherFileIsAChange) {
  std::filesystem::rename(path_, folder_ + "/one");
  std::ofstream(folder_ + "/two") << "other";
  std::filesystem::create_symlink(folder_ + "/one", path_);
  FileWatch watch(clock_, Logger(), metrics_);
  Watch(watch);
  std::filesystem::create_symlink(folder_ + "/two", folder_ + "/next");
  std::filesystem::rename(folder_ + "/next", path_);
  watch.Look();
  EXPECT_EQ(taken_, std::vector<std::string>{"other"});
}

TEST_F(FileWatchTest, ARefusedChangeIsTriedUntilItIsMended) {
  FileWatch watch(clock_, Logger(), metrics_);
  Watch(watch);
  Write("broken");
  watch.Look();
  watch.Look();
  EXPECT_EQ(Sample(R"(escalon_file_reloads_total{file="secret",result="refused"})"), 2);
  EXPECT_EQ(Sample(R"(escalon_file_stale{file="secret"})"), 1);
  std::filesystem::remove(path_);
  watch.Look();
  EXPECT_EQ(Sample(R"(escalon_file_stale{file="secret"})"), 1);
  Write("mended");
  watch.Look();
  EXPECT_EQ(taken_, std::vector<std::string>{"mended"});
  EXPECT_EQ(Sample(R"(escalon_file_stale{file="secret"})"), 0);
}

TEST_F(FileWatchTest, TheThreadLooksByItself) {
  const SystemClock clock;
  FileWatch watch(clock, Logger(), metrics_);
  std::promise<void> seen;
  watch.Add("secret", path_, [&]() -> Status {
    seen.set_value();
    return {};
  });
  watch.Start();
  Write("second, longer");
  EXPECT_EQ(seen.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  watch.Stop();
}

}  // namespace
}  // namespace escalon::runtime
