#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "escalon/cases/v1/case_service.pb.h"
#include "escalon/query/v1/query_service.pb.h"

/// What stands behind the `?` of an address, as requests. Every name is known or an error; closed sets by their short
/// names (`in_progress`, `P1`). Pure.
namespace escalon::intake {

using QueryWords = std::vector<std::pair<std::string, std::string>>;

Result<cases::v1::ListCasesRequest> ReadListWords(const QueryWords& words);
Result<query::v1::CountCasesRequest> ReadCountWords(const QueryWords& words);

/// Reads named words of one request; what nobody asked for is an error in the end.
class WordReader {
 public:
  explicit WordReader(const QueryWords& words) : words_(words), used_(words.size(), false) {}
  /// The last one wins nothing: a name given twice is an error.
  std::string Text(std::string_view name);
  /// Given several times, or with commas.
  std::vector<std::string> Texts(std::string_view name);
  uint64_t Number(std::string_view name);
  bool Flag(std::string_view name);
  /// RFC 3339; 0: not given.
  InstantMs Time(std::string_view name);
  void Fail(std::string_view name, std::string message);
  /// The first fault, or an unknown name.
  Status Finish() const;

 private:
  const QueryWords& words_;
  std::vector<bool> used_;
  std::vector<FieldViolation> faults_;
};

}  // namespace escalon::intake
