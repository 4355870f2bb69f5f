#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/core/instant.h"
#include "common/core/result.h"

/// Policies and rosters as they stand on their topics (proto/escalon/document/v1/document.proto). Pure, thread-safe.
namespace escalon::wire {

struct DocumentVersion {
  std::string tenant;
  std::string id;
  uint32_t version = 0;
  std::string yaml;
  std::string hash;  ///< 32 bytes: SHA-256 of `yaml`
  std::string applied_by;
  InstantMs applied_at = 0;
  std::string comment;
  bool operator==(const DocumentVersion&) const = default;
};

std::string EncodeDocument(const DocumentVersion& document);
/// Total: kInvalidArgument with the field; also when `hash` is not that of `yaml`.
Result<DocumentVersion> DecodeDocument(std::string_view bytes);

}  // namespace escalon::wire
