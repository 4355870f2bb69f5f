#include <algorithm>
#include <filesystem>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

/// The newest append-only file.
std::filesystem::path AppendOnlyFile(const RedisServer& redis) {
  std::filesystem::path newest;
  for (const auto& file : std::filesystem::directory_iterator(redis.dir() + "/appendonlydir")) {
    if (file.path().extension() != ".aof" || file.path().string().find(".incr.") == std::string::npos) continue;
    if (newest.empty() || file.last_write_time() > std::filesystem::last_write_time(newest)) newest = file.path();
  }
  return newest;
}

TEST_F(Fault, a_redis_whose_file_lost_its_tail_is_mended) {
  ClusterOptions options;
  options.redis_append_only = true;
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  for (const uintmax_t cut : {1, 77, 4096, 100'000}) {  // in mid-command, and whole commands
    ASSERT_TRUE(cluster().redis().Kill9().ok());
    const std::filesystem::path file = AppendOnlyFile(cluster().redis());
    ASSERT_FALSE(file.empty());
    const uintmax_t size = std::filesystem::file_size(file);
    std::filesystem::resize_file(file, size - std::min(cut, size));
    ASSERT_TRUE(cluster().redis().StartAgain().ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  End();
}

TEST_F(Fault, a_redis_that_rewrites_its_file_under_load_is_not_noticed) {
  ClusterOptions options;
  options.redis_append_only = true;
  ASSERT_NO_FATAL_FAILURE(Begin(std::move(options)));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(cluster().redis().Command({"BGREWRITEAOF"}).ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  End();
}

}  // namespace
}  // namespace escalon::test
