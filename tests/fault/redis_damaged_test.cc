#include <sstream>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

/// Every key of a shard that ends so.
std::vector<std::string> KeysThatEnd(RedisServer& redis, const std::string& end) {
  std::vector<std::string> out;
  std::istringstream lines(redis.Command({"KEYS", "*" + end}).value());
  for (std::string line; std::getline(lines, line);) out.push_back(line);
  return out;
}

// Somebody's hand in the live view: a key of another type, bytes that are no case, positions that are none.
TEST_F(Fault, a_view_that_somebody_damaged_is_written_whole_and_nothing_crashes) {
  ASSERT_NO_FATAL_FAILURE(Begin());
  RedisServer& redis = cluster().redis();
  for (const char* end : {"}:due", "}:all", "}:at"}) {
    const std::vector<std::string> keys = KeysThatEnd(redis, std::string("s00") + end);
    ASSERT_FALSE(keys.empty()) << end;
    for (const std::string& key : keys) ASSERT_TRUE(redis.Command({"SET", key, "garbage"}).ok());
    ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  }
  ASSERT_NO_FATAL_FAILURE(KillAndRestart("routing-0"));  // and a new owner does not believe it
  End();
}

}  // namespace
}  // namespace escalon::test
