#include "services/escalonctl/output/printer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>

#include "common/core/instant.h"
#include "common/domain/money.h"
#include "common/wire/names.h"
#include "common/wire/utf8.h"

namespace escalon::escalonctl {
namespace {

/// Of the enums of proto/escalon: what stands before each name.
constexpr std::array<std::string_view, 26> kPrefixes = {"CASE_STATE_",
                                                        "GRADE_",
                                                        "TRACK_",
                                                        "ACTOR_KIND_",
                                                        "ESCALATION_REASON_",
                                                        "ASSIGN_MODE_",
                                                        "RESOLUTION_CAUSE_",
                                                        "CLOSE_CAUSE_",
                                                        "CANCEL_CAUSE_",
                                                        "REOPEN_CAUSE_",
                                                        "LINK_RELATION_",
                                                        "VISIBILITY_",
                                                        "AUDIENCE_",
                                                        "INTENT_PURPOSE_",
                                                        "ALARM_KIND_",
                                                        "HANDOVER_STATE_",
                                                        "APPROVAL_STATE_",
                                                        "APPROVAL_OUTCOME_",
                                                        "OUTCOME_KIND_",
                                                        "DELIVERY_OUTCOME_",
                                                        "SHARD_STATE_",
                                                        "COUNT_BY_",
                                                        "CASE_ORDER_",
                                                        "RECORD_TYPE_",
                                                        "SUBMISSION_ACTION_",
                                                        "PRIORITY_"};

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string Scalar(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string MoneyText(const Json& value) {
  if (!value.is_object()) return {};
  const std::string minor = Scalar(value.value("minor", Json("0")));
  Money money{0, value.value("currency", "")};
  std::from_chars(minor.data(), minor.data() + minor.size(), money.minor);
  return Printable(FormatMoney(money));
}

std::string MillisText(const Json& value) {
  const std::string text = Scalar(value);
  InstantMs at = 0;
  std::from_chars(text.data(), text.data() + text.size(), at);
  if (at == 0) return {};
  return at == kNever ? "never" : FormatInstant(at);
}

/// Columns that a text takes, one for each code point.
size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string_view ColourOf(Format format, std::string_view word) {
  constexpr std::string_view kRed = "\033[31m", kYellow = "\033[33m", kGreen = "\033[32m", kDim = "\033[2m";
  if (format == Format::kPriority) return word == "P1" ? kRed : word == "P2" ? kYellow : "";
  if (format != Format::kState) return "";
  if (word == "new" || word == "triaged" || word == "assigned" || word == "dead") return kYellow;
  if (word == "resolved" || word == "monitoring" || word == "delivered") return kGreen;
  return word == "closed" || word == "cancelled" ? kDim : "";
}

Json At(const Json& row, const std::string& pointer) {
  const Json::json_pointer at(pointer);
  return row.contains(at) ? row.at(at) : Json();
}

}  // namespace

std::string WordOf(std::string_view wire_name) {
  for (const std::string_view prefix : kPrefixes) {
    if (!wire_name.starts_with(prefix)) continue;
    const std::string_view rest = wire_name.substr(prefix.size());
    if (rest == "UNSPECIFIED") return {};
    return prefix == "PRIORITY_" ? std::string(rest) : Lower(rest);
  }
  return std::string(wire_name);
}

std::string Printable(std::string_view text, bool lines) {
  std::string clean;
  wire::AssignUtf8(text, &clean);
  std::string out;
  for (size_t i = 0; i < clean.size(); ++i) {
    const auto c = static_cast<unsigned char>(clean[i]);
    // C1 controls are two bytes in UTF-8 and mean as much to a terminal as those below space.
    const bool c1 = c == 0xc2 && i + 1 < clean.size() && static_cast<unsigned char>(clean[i + 1]) < 0xa0;
    if (c1) ++i;
    const bool keep = !c1 && ((c >= 0x20 && c != 0x7f) || (lines && c == '\n'));
    out += keep ? clean[i] : '?';
  }
  return out;
}

std::string CellText(const Json& value, Format format) {
  if (value.is_null()) return {};
  switch (format) {
    case Format::kEnum:
    case Format::kState:
    case Format::kPriority:
      return Printable(WordOf(Scalar(value)));
    case Format::kTime: {
      const Result<InstantMs> at = ParseInstant(Scalar(value));
      return at ? FormatInstant(*at) : Printable(Scalar(value));
    }
    case Format::kMillis:
      return MillisText(value);
    case Format::kMark:
      return value.is_boolean() ? (value.get<bool>() ? "yes" : "") : Printable(Scalar(value));
    case Format::kList: {
      std::string out;
      for (const Json& item : value) out += (out.empty() ? "" : ", ") + Printable(WordOf(Scalar(item)));
      return out;
    }
    case Format::kMoney:
      return MoneyText(value);
    case Format::kText:
    case Format::kNumber:
      break;
  }
  return Printable(Scalar(value));
}

std::string Printer::Painted(std::string_view text, Format format, std::string_view word) const {
  const std::string_view colour = colour_ ? ColourOf(format, word) : "";
  if (colour.empty()) return std::string(text);
  return std::string(colour).append(text).append("\033[0m");
}

void Printer::Value(const Json& value) { out_ << value.dump(2, ' ', false, Json::error_handler_t::replace) << '\n'; }

void Printer::Line(const Json& value) {
  out_ << value.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

void Printer::Table(const Json& rows, const std::vector<Column>& columns) {
  std::vector<std::vector<std::string>> cells;
  std::vector<size_t> widths(columns.size(), 0);
  for (const Json& row : rows) {
    auto& line = cells.emplace_back();
    for (size_t i = 0; i < columns.size(); ++i) {
      line.push_back(CellText(At(row, columns[i].pointer), columns[i].format));
      widths[i] = std::max(widths[i], WidthOf(line.back()));
    }
  }
  if (cells.empty()) return;
  const auto write = [&](const std::vector<std::string>& line, bool titles) {
    std::string text;
    size_t gap = 0;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (widths[i] == 0) continue;
      const size_t width = std::max(widths[i], WidthOf(columns[i].title));
      const size_t padding = width - WidthOf(line[i]);
      text.append(gap, ' ');
      gap = 2;
      const bool right = columns[i].format == Format::kNumber;
      if (right) text.append(padding, ' ');
      text += titles ? line[i] : Painted(line[i], columns[i].format, line[i]);
      if (!right) gap += padding;  // nothing is padded at the end of a line
    }
    text.erase(text.find_last_not_of(' ') + 1);
    if (titles) {
      Heading(text);
    } else {
      out_ << text << '\n';
    }
  };
  std::vector<std::string> titles;
  for (const Column& column : columns) titles.push_back(column.title);
  write(titles, true);
  for (const auto& line : cells) write(line, false);
}

void Printer::Fields(const Json& value, const std::vector<Column>& fields) {
  size_t width = 0;
  for (const Column& field : fields) width = std::max(width, WidthOf(field.title));
  for (const Column& field : fields) {
    const std::string text = CellText(At(value, field.pointer), field.format);
    if (text.empty()) continue;
    out_ << field.title << std::string(width - WidthOf(field.title) + 2, ' ') << Painted(text, field.format, text)
         << '\n';
  }
}

void Printer::Text(std::string_view line) { out_ << Printable(line, true) << '\n'; }

void Printer::Heading(std::string_view text) {
  if (colour_) {
    out_ << "\033[1m" << text << "\033[0m\n";
  } else {
    out_ << text << '\n';
  }
}

std::string ErrorText(const Error& error, std::string_view command_id) {
  std::string out = "escalonctl: " + Printable(error.message, true) + "\n";
  const bool said = error.fields.size() == 1 && error.message.find(error.fields[0].message) != std::string::npos;
  if (!said) {
    for (const FieldViolation& field : error.fields) {
      out += "  " + Printable(field.field) + ": " + Printable(field.message) + "\n";
    }
  }
  if (!Retryable(error.code) && error.code != ErrorCode::kDeadlineExceeded) return out;
  out += "  a repeat may succeed";
  if (error.retry_after_ms > 0) out += ", in " + FormatDuration(error.retry_after_ms);
  if (!command_id.empty()) out += ", and is safe with --command-id " + Printable(command_id);
  return out + "\n";
}

Json ErrorJson(const Error& error) {
  Json fields = Json::array();
  for (const FieldViolation& field : error.fields)
    fields.push_back({{"field", field.field}, {"message", field.message}});
  Json out{{"reason", std::string(wire::ErrorReason(error.code))}, {"message", error.message}};
  if (!fields.empty()) out["fields"] = std::move(fields);
  if (!error.detail.empty()) out["detail"] = error.detail;
  if (error.retry_after_ms > 0) out["retry_after_ms"] = error.retry_after_ms;
  return {{"error", std::move(out)}};
}

}  // namespace escalon::escalonctl
