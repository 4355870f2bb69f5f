#pragma once

namespace escalon::wire {

/// Protobuf writes a line to stderr for every input that it cannot parse, so whoever sends rubbish fills the log. Every
/// such input is an error value here anyway. Call once at the start of the process; it is for the whole of it.
void SilenceProtobufLog();

}  // namespace escalon::wire
