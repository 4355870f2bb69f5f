#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/result.h"

namespace escalon::escalonctl {

using Json = nlohmann::json;

/// How a cell is written and aligned.
enum class Format : uint8_t {
  kText,      ///< as it is; control characters become `?`, so that a title cannot write on the terminal
  kEnum,      ///< a name of the wire in our words: CASE_STATE_IN_PROGRESS is in_progress
  kState,     ///< the same, coloured
  kPriority,  ///< the same, coloured: P1
  kTime,      ///< RFC 3339, UTC
  kMillis,    ///< the same, from UTC milliseconds; 0 is empty, the last instant is "never"
  kNumber,    ///< aligned right
  kMark,      ///< "yes" or empty
  kList,      ///< with commas
  kMoney,     ///< 1200.50 EUR, from its smallest units
};

/// A column: what stands where in each row.
struct Column {
  std::string title;
  std::string pointer;  ///< JSON pointer: /owner/team
  Format format = Format::kText;
};

/// A value of JSON for people; empty for what is not there.
std::string CellText(const Json& value, Format format);
/// CASE_STATE_IN_PROGRESS: in_progress; PRIORITY_P1: P1. Other texts as they are.
std::string WordOf(std::string_view wire_name);
/// A text that cannot do anything to a terminal: control characters and bad UTF-8 become `?`; with `lines`, ends of
/// lines stay.
std::string Printable(std::string_view text, bool lines = false);

/// Writes results, as tables for people or as JSON for programs. One thread.
class Printer {
 public:
  Printer(std::ostream& out, bool json, bool colour) : out_(out), json_(json), colour_(colour) {}

  bool json() const { return json_; }
  std::ostream& out() { return out_; }

  /// The whole answer, indented.
  void Value(const Json& value);
  /// One line of JSON, for streams.
  void Line(const Json& value);
  /// Rows with a line of titles; columns without any value are left out.
  void Table(const Json& rows, const std::vector<Column>& columns);
  /// One thing, a line per field that is there.
  void Fields(const Json& value, const std::vector<Column>& fields);
  void Text(std::string_view line);
  /// `text` in the colour of a heading.
  void Heading(std::string_view text);

 private:
  std::string Painted(std::string_view text, Format format, std::string_view word) const;

  std::ostream& out_;
  const bool json_;
  const bool colour_;
};

/// What is wrong, where, and what to do: the message, a line per field, a hint when a repeat may help.
std::string ErrorText(const Error& error, std::string_view command_id = {});
Json ErrorJson(const Error& error);

}  // namespace escalon::escalonctl
