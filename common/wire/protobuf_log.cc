#include "common/wire/protobuf_log.h"

#include <google/protobuf/stubs/logging.h>

namespace escalon::wire {

void SilenceProtobufLog() { google::protobuf::SetLogHandler(nullptr); }

}  // namespace escalon::wire
