#pragma once

#include <cstddef>

/// What both ends of KeeperService.Execute agree on beside its messages. Private to the room.
namespace escalon::rpc {

/// Commands of one message, at most.
inline constexpr size_t kMostCommands = 1000;
/// Initial metadata of a stream that is being listened to; one that is refused at once has none.
inline constexpr char kListening[] = "escalon-keeper";

}  // namespace escalon::rpc
