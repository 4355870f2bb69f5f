#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/ids.h"
#include "common/core/result.h"
#include "common/security/secret.h"

namespace escalon::intake {

/// Where a page ended. The order (score, case id) is the same in every shard, so one place stands for the position in
/// each of them.
struct PagePlace {
  enum class Mode : uint8_t { kWalk = 1, kSorted = 2, kHistory = 3 };
  Mode mode = Mode::kWalk;
  uint32_t segment = 0;
  int64_t a = 0, b = 0;  ///< walk: score in `a`; sorted: the sort key; history: the next version in `a`
  CaseId last;           ///< empty: from (a, b) on
  bool operator==(const PagePlace&) const = default;
};

/// Page tokens: opaque, signed, and good only for the question they were made for. Immutable; any thread.
class PageTokens {
 public:
  explicit PageTokens(KeyRing keys) : keys_(std::move(keys)) {}
  /// `question`: everything that the next request must repeat (tenant, filter, order).
  std::string Make(const PagePlace& place, std::string_view question) const;
  /// InvalidField("page_token") for a foreign, altered or misplaced one.
  Result<PagePlace> Read(std::string_view token, std::string_view question) const;

 private:
  std::string Seal(const NamedKey& key, std::string_view payload, std::string_view question) const;
  KeyRing keys_;
};

}  // namespace escalon::intake
