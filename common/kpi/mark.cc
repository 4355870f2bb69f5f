#include "common/kpi/mark.h"

#include <type_traits>

#include "common/core/varint.h"

namespace escalon::kpi {
namespace {

// One description of a mark for both ways: `Each` runs over its fields, and a visitor writes or reads them. Numbers are
// base-128 varints; instants are differences to the one before, because those of a case lie near each other.

uint64_t ZigZag(uint64_t difference) { return (difference << 1) ^ (0 - (difference >> 63)); }
uint64_t UnZigZag(uint64_t value) { return (value >> 1) ^ (0 - (value & 1)); }

constexpr uint64_t kIsZero = 0, kIsNever = 1, kFirstDifference = 2;

class Packer {
 public:
  Packer(Names* names, std::string* out) : names_(*names), out_(*out) {}

  void Number(const uint64_t& value) { PutVarint(value, &out_); }
  void Name(const std::string& name) { Number(names_.NumberOf(name)); }
  void Instant(const InstantMs& at) {
    if (at == 0) return Number(kIsZero);
    if (at == kNever) return Number(kIsNever);
    Number(kFirstDifference + ZigZag(static_cast<uint64_t>(at) - last_));
    last_ = static_cast<uint64_t>(at);
  }
  template <typename T>
  void Size(const std::vector<T>& all) {
    Number(all.size());
  }

 private:
  Names& names_;
  std::string& out_;
  uint64_t last_ = 0;
};

class Unpacker {
 public:
  Unpacker(std::string_view packed, const Names& names) : rest_(packed), names_(names) {}

  void Number(uint64_t& value) { TakeVarint(&rest_, &value); }
  void Name(std::string& name) {
    uint64_t number = 0;
    Number(number);
    name = names_.At(static_cast<uint32_t>(number));
  }
  void Instant(InstantMs& at) {
    uint64_t value = 0;
    Number(value);
    if (value == kIsZero || value == kIsNever) {
      at = value == kIsZero ? 0 : kNever;
      return;
    }
    last_ += UnZigZag(value - kFirstDifference);
    at = static_cast<InstantMs>(last_);
  }
  template <typename T>
  void Size(std::vector<T>& all) {
    uint64_t size = 0;
    Number(size);
    all.resize(size);
  }

 private:
  std::string_view rest_;
  const Names& names_;
  uint64_t last_ = 0;
};

/// Of an enumeration, a flag or a duration.
template <typename Visitor, typename T>
void Small(Visitor& visitor, T& value) {
  auto number = static_cast<uint64_t>(value);
  visitor.Number(number);
  if constexpr (!std::is_const_v<T>) value = static_cast<T>(number);
}

template <typename Visitor, typename M>
void Each(Visitor& visitor, M& mark) {
  const auto span = [&visitor](auto& of) {
    visitor.Instant(of.from);
    visitor.Instant(of.to);
  };
  visitor.Size(mark.stays);
  for (auto& stay : mark.stays) {
    Small(visitor, stay.track);
    visitor.Name(stay.level);
    span(stay);
  }
  visitor.Size(mark.waitings);
  for (auto& waiting : mark.waitings) {
    visitor.Name(waiting.level);
    visitor.Name(waiting.team);
    span(waiting);
  }
  visitor.Size(mark.resolutions);
  for (auto& resolution : mark.resolutions) {
    visitor.Instant(resolution.at);
    visitor.Name(resolution.level);
    Small(visitor, resolution.monitored);
    visitor.Instant(resolution.reopened_at);
    Small(visitor, resolution.reopened_by);
  }
  visitor.Size(mark.promises);
  for (auto& run : mark.promises) {
    visitor.Name(run.name);
    visitor.Name(run.level);
    visitor.Name(run.calendar);
    visitor.Instant(run.started_at);
    visitor.Instant(run.due_at);
    Small(visitor, run.target);
    visitor.Instant(run.breached_at);
    visitor.Instant(run.ended_at);
    visitor.Size(run.pauses);
    for (auto& pause : run.pauses) span(pause);
    visitor.Instant(run.paused_since);
    visitor.Size(run.legs);
    for (auto& leg : run.legs) {
      visitor.Name(leg.calendar);
      visitor.Instant(leg.until);
    }
  }
  Small(visitor, mark.came_back);
  Small(visitor, mark.returned);
  Small(visitor, mark.held);
  Small(visitor, mark.unfit);
}

}  // namespace

uint32_t Names::NumberOf(const std::string& name) {
  const auto [at, is_new] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size()));
  if (is_new) names_.push_back(&at->first);
  return at->second;
}

std::string Pack(const Mark& mark, Names* names) {
  std::string out;
  Packer packer(names, &out);
  Each(packer, mark);
  out.shrink_to_fit();
  return out;
}

Mark Unpack(std::string_view packed, const Names& names) {
  Mark mark;
  Unpacker unpacker(packed, names);
  Each(unpacker, mark);
  return mark;
}

}  // namespace escalon::kpi
