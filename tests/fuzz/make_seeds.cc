// Writes seeds for the binary formats, so that none lies in the tree and all are of this version:
//   fuzz_make_seeds DIR
#include <filesystem>
#include <fstream>
#include <string>

#include "common/log/envelope.h"
#include "common/wire/events_codec.h"
#include "common/wire/snapshot_codec.h"
#include "escalon/cases/v1/commands.pb.h"
#include "escalon/events/v1/events.pb.h"
#include "escalon/events/v1/snapshot.pb.h"
#include "escalon/keeper/v1/keeper_service.pb.h"
#include "escalon/submission/v1/submission.pb.h"
#include "tests/unit/wire/fill.h"
#include "tests/unit/wire/samples.h"

namespace {

std::filesystem::path dir;

void Write(const std::string& target, const std::string& name, const std::string& bytes) {
  std::filesystem::create_directories(dir / target);
  std::ofstream(dir / target / name, std::ios::binary) << bytes;
}

template <typename M>
std::string Filled() {
  M message;
  escalon::wire::Filler().Fill(&message);
  return message.SerializeAsString();
}

}  // namespace

int main(int argc, char** argv) {
  using namespace escalon;
  if (argc != 2) return 2;
  dir = argv[1];
  const std::string opened = wire::EncodeBatch(wire::OpenedBatch()), triaged = wire::EncodeBatch(wire::TriagedBatch());
  Write("events", "opened", opened);
  Write("events", "triaged", triaged);
  Write("snapshot", "sample", wire::EncodeCase(wire::SampleCase()));
  Write("snapshot", "filled", Filled<events::v1::CaseSnapshot>());
  log::RecordHead head;
  std::string record;
  if (log::Encode(head, triaged, &record).ok()) Write("record", "triaged", record);
  Write("record", "fence", log::EncodeFence({}));
  Write("record", "base_begin", log::EncodeBaseBegin({}));
  Write("protobuf_door", "submission", Filled<submission::v1::Submission>());
  Write("protobuf_door", "command", Filled<keeper::v1::KeeperCommand>());
  Write("protobuf_door", "client", Filled<cases::v1::Command>());
  return 0;
}
