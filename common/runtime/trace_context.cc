#include "common/runtime/trace_context.h"

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/random.h"

namespace escalon::runtime {
namespace {

template <size_t N>
std::string_view Bytes(const std::array<uint8_t, N>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), N};
}

// Lower-case hex only, as the specification demands.
bool FromHex(std::string_view text, uint8_t* out, size_t count) {
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (size_t i = 0; i < count; ++i) {
    const int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<uint8_t>(high << 4 | low);
  }
  return true;
}

// All zero means "none", so it is never an id. Ids are no secrets: the fast generator will do.
template <size_t N>
void FillRandom(std::array<uint8_t, N>& id) {
  do {
    for (size_t i = 0; i < N; i += 8) {
      const uint64_t bits = RandomBits();
      for (size_t j = 0; j < 8; ++j) id[i + j] = static_cast<uint8_t>(bits >> (8 * j));
    }
  } while (id == std::array<uint8_t, N>{});
}

}  // namespace

TraceContext TraceContext::NewRoot(bool sampled) {
  TraceContext context;
  FillRandom(context.trace_id_);
  FillRandom(context.span_id_);
  context.flags_ = sampled ? 1 : 0;
  return context;
}

std::optional<TraceContext> TraceContext::Parse(std::string_view text) {
  constexpr size_t kLength = 55;  // 2 + 1 + 32 + 1 + 16 + 1 + 2
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return std::nullopt;
  uint8_t version;
  TraceContext context;
  if (!FromHex(text, &version, 1) || version == 0xff) return std::nullopt;
  if (version == 0 ? text.size() != kLength : text.size() > kLength && text[kLength] != '-') return std::nullopt;
  if (!FromHex(text.substr(3), context.trace_id_.data(), 16) || !FromHex(text.substr(36), context.span_id_.data(), 8) ||
      !FromHex(text.substr(53), &context.flags_, 1))
    return std::nullopt;
  if (context.empty() || context.span_id_ == std::array<uint8_t, 8>{}) return std::nullopt;
  context.flags_ &= 1;  // the only flag of version 00
  return context;
}

TraceContext TraceContext::ContinueOrNew(std::string_view traceparent) {
  const std::optional<TraceContext> parent = Parse(traceparent);
  return parent ? parent->Child() : NewRoot();
}

TraceContext TraceContext::Child() const {
  if (empty()) return NewRoot();
  TraceContext child = *this;
  FillRandom(child.span_id_);
  return child;
}

std::string TraceContext::trace_id() const { return empty() ? "" : ToHex(Bytes(trace_id_)); }
std::string TraceContext::span_id() const { return empty() ? "" : ToHex(Bytes(span_id_)); }

std::string TraceContext::ToTraceparent() const {
  if (empty()) return "";
  return "00-" + trace_id() + "-" + span_id() + (sampled() ? "-01" : "-00");
}

}  // namespace escalon::runtime
