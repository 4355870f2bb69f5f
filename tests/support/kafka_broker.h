#pragma once

#include <memory>
#include <string>

#include "common/core/result.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace escalon::test {

/// A real Kafka cluster in its own folder and on its own ports, run by scripts/kafka. Gone with the object, or with the
/// test process. Thread rule: one thread.
class KafkaBroker {
 public:
  /// `brokers`: 1 or 3. `properties`: lines added to server.properties. Returns when it serves.
  static Result<std::unique_ptr<KafkaBroker>> Start(int brokers = 1, const std::string& properties = {});

  const std::string& bootstrap() const { return bootstrap_; }
  Status Stop();                ///< all brokers, cleanly
  Status StartAgain();          ///< after Stop or KillNode of the only one; same ports, same data
  Status KillNode(int id = 1);  ///< kill -9
  Status StartNode(int id = 1);
  /// SIGSTOP and SIGCONT: the broker hangs.
  Status PauseNode(int id = 1);
  Status ResumeNode(int id = 1);

 private:
  KafkaBroker() = default;
  Status Signal(int id, int signal);
  TempDir dir_;
  std::string bootstrap_;
  std::unique_ptr<Guardian> guardian_;  // the last field: it removes the cluster before the folder goes
};

/// One broker for the whole test binary, started at the first call, ended after the last test. Fails the running test
/// and returns an empty string when it cannot start.
std::string SharedKafka();
/// A prefix for topics and groups that no other test uses.
std::string FreshPrefix();

}  // namespace escalon::test
