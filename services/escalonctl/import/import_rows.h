#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

namespace escalon::escalonctl {

/// How a file of another system's cases is read.
struct ImportMap {
  std::map<std::string, std::string, std::less<>> columns;  ///< field of a submission → column of the CSV file
  /// field → word of the file, in small letters → our word
  std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>> words;
  std::string source;        ///< where the file names none
  std::string zone = "UTC";  ///< IANA, of instants that name none
};

/// One case of the file, as a submission (escalon.submission.v1) with `imported`.
struct ImportRow {
  int line = 0;
  std::string ref;  ///< the other system's own number
  nlohmann::json submission;
};

/// What was read, and what could not be: each fault names line, field and remedy.
struct ImportRows {
  std::vector<ImportRow> rows;
  std::vector<FieldViolation> faults;
};

/// The names that a map may give a column to: `external_ref`, `standing.priority`, ...; `labels.NAME` beside them.
std::string ImportFields();
/// Takes `FIELD=COLUMN`. False: no such field.
bool SetImportColumn(ImportMap* map, std::string_view field, std::string column);

/// JSON, a submission a line, or CSV with a header. A number that comes twice is a fault. Pure.
ImportRows ReadImport(std::string_view text, const ImportMap& map);

}  // namespace escalon::escalonctl
