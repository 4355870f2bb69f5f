#include <sys/mount.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "tests/support/fault/load.h"

namespace escalon::test {
namespace {

/// A file system of its own of limited size, in memory. Gone with the object.
class SmallDisk {
 public:
  SmallDisk() {
    mounted_ = mount("tmpfs", dir_.path().c_str(), "tmpfs", 0, "size=128m") == 0;
    if (!mounted_) why_ = std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) umount2(dir_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::string& why() const { return why_; }
  const std::string& path() const { return dir_.path(); }
  void Fill() {
    std::ofstream ballast(dir_.path() + "/ballast", std::ios::binary);
    const std::string block(1 << 16, 'x');
    while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void MakeRoom() { std::remove((dir_.path() + "/ballast").c_str()); }

 private:
  TempDir dir_;
  bool mounted_ = false;
  std::string why_;
};

// The broker's disk is full: it ends. Nothing is answered that is not in the log, and with room and a broker it goes
// on.
TEST_F(Fault, a_full_disk_under_kafka_stops_and_loses_nothing) {
  SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "no file system can be mounted here: " << disk.why();
  ASSERT_NO_FATAL_FAILURE(OwnBroker(1, "log.dirs=" + disk.path() + "/data"));
  ASSERT_NO_FATAL_FAILURE(Begin({}, {.callers = 4, .at_once = 8}));
  disk.Fill();
  ASSERT_TRUE(
      cluster().node("routing-0").AwaitMetric("escalon_keeper_answers_unknown_total", 1, {}, 2 * kPatience).ok());
  disk.MakeRoom();
  ASSERT_TRUE(broker().KillNode().ok());  // if it has not ended by itself
  ASSERT_TRUE(broker().StartAgain().ok());
  ASSERT_NO_FATAL_FAILURE(AwaitFlow());
  End();
  // Before its disk.
  pressure_.reset();
  door_load_.reset();
  gate_.reset();
  cluster_.reset();
  broker_.reset();
}

}  // namespace
}  // namespace escalon::test
