#pragma once

#include <google/protobuf/arena.h>

#include <array>
#include <memory>

/// Private to the room.
namespace escalon::wire {

/// Memory for one message at a time on this thread, kept from call to call: most messages fit into the first block and
/// cost no allocation of their own. Not to be nested.
class Scratch {
 public:
  Scratch() : arena_(ArenaOfThread()) { arena_.Reset(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  template <typename M>
  M* New() {
    return google::protobuf::Arena::CreateMessage<M>(&arena_);
  }

 private:
  struct Block {
    static google::protobuf::ArenaOptions Options(char* data, size_t size) {
      google::protobuf::ArenaOptions options;
      options.initial_block = data;
      options.initial_block_size = size;
      return options;
    }
    std::array<char, 64 * 1024> bytes;
    google::protobuf::Arena arena{Options(bytes.data(), bytes.size())};
  };
  static google::protobuf::Arena& ArenaOfThread() {
    thread_local const std::unique_ptr<Block> block = std::make_unique<Block>();
    return block->arena;
  }

  google::protobuf::Arena& arena_;
};

}  // namespace escalon::wire
