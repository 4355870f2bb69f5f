#include "common/history/event_log.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <unordered_map>
#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/history/csv_reader.h"

namespace escalon::history {
namespace {

constexpr std::string_view kMissing = "?";

using StateWord = std::pair<std::string_view, LogState>;

/// Words of ServiceNow, Jira and Zendesk, in small letters.
constexpr auto kStates = std::to_array<StateWord>({{"new", LogState::kNew},
                                                   {"open", LogState::kNew},
                                                   {"to do", LogState::kNew},
                                                   {"active", LogState::kActive},
                                                   {"in progress", LogState::kActive},
                                                   {"work in progress", LogState::kActive},
                                                   {"assigned", LogState::kNew},
                                                   {"awaiting user info", LogState::kPendingCustomer},
                                                   {"waiting for customer", LogState::kPendingCustomer},
                                                   {"pending", LogState::kPendingCustomer},
                                                   {"on hold", LogState::kPendingCustomer},
                                                   {"hold", LogState::kPendingVendor},
                                                   {"awaiting vendor", LogState::kPendingVendor},
                                                   {"waiting for vendor", LogState::kPendingVendor},
                                                   {"awaiting problem", LogState::kPendingProblem},
                                                   {"awaiting evidence", LogState::kPendingEvidence},
                                                   {"resolved", LogState::kResolved},
                                                   {"solved", LogState::kResolved},
                                                   {"done", LogState::kResolved},
                                                   {"closed", LogState::kClosed},
                                                   {"cancelled", LogState::kCancelled},
                                                   {"canceled", LogState::kCancelled}});

/// Our own words for them, in a mapping.
constexpr auto kStateWords = std::to_array<StateWord>({{"new", LogState::kNew},
                                                       {"active", LogState::kActive},
                                                       {"pending_customer", LogState::kPendingCustomer},
                                                       {"pending_vendor", LogState::kPendingVendor},
                                                       {"pending_problem", LogState::kPendingProblem},
                                                       {"pending_evidence", LogState::kPendingEvidence},
                                                       {"resolved", LogState::kResolved},
                                                       {"closed", LogState::kClosed},
                                                       {"cancelled", LogState::kCancelled},
                                                       {"other", LogState::kOther}});

using ColumnName = std::pair<std::string_view, std::string LogColumns::*>;
constexpr auto kColumns = std::to_array<ColumnName>({{"number", &LogColumns::number},
                                                     {"state", &LogColumns::state},
                                                     {"changed_at", &LogColumns::changed_at},
                                                     {"changed_by", &LogColumns::changed_by},
                                                     {"opened_at", &LogColumns::opened_at},
                                                     {"acknowledged_at", &LogColumns::acknowledged_at},
                                                     {"resolved_at", &LogColumns::resolved_at},
                                                     {"closed_at", &LogColumns::closed_at},
                                                     {"group", &LogColumns::group},
                                                     {"person", &LogColumns::person},
                                                     {"impact", &LogColumns::impact},
                                                     {"urgency", &LogColumns::urgency},
                                                     {"priority", &LogColumns::priority},
                                                     {"category", &LogColumns::category},
                                                     {"subcategory", &LogColumns::subcategory},
                                                     {"caller", &LogColumns::caller},
                                                     {"kind", &LogColumns::kind},
                                                     {"title", &LogColumns::title},
                                                     {"service", &LogColumns::service},
                                                     {"region", &LogColumns::region},
                                                     {"customer", &LogColumns::customer},
                                                     {"kept", &LogColumns::made_sla}});

std::string Small(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

/// `1 - High`: the number counts, else the word.
Grade ParseLogGrade(std::string_view text) {
  if (text.empty()) return Grade::kUnset;
  if (text[0] >= '1' && text[0] <= '3') return static_cast<Grade>(text[0] - '0');
  return ParseGrade(Small(text)).value_or(Grade::kUnset);
}

Priority ParseLogPriority(std::string_view text) {
  if ((text.starts_with('P') || text.starts_with('p')) && text.size() > 1) text.remove_prefix(1);
  if (text.empty() || text[0] < '1' || text[0] > '4') return Priority::kUnset;
  return static_cast<Priority>(text[0] - '0');
}

/// Digits and the characters between them.
class TimeScanner {
 public:
  explicit TimeScanner(std::string_view text) : text_(text) {}
  bool Number(size_t most_digits, int* value) {
    size_t digits = 0;
    *value = 0;
    while (digits < most_digits && at_ < text_.size() && IsDigit(text_[at_])) {
      *value = *value * 10 + (text_[at_++] - '0');
      ++digits;
    }
    return digits > 0;
  }
  bool Is(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool over() const { return at_ == text_.size(); }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

std::optional<absl::CivilSecond> CivilOf(std::string_view text) {
  TimeScanner scan(text);
  int first = 0, month = 0, last = 0, hour = 0, minute = 0, second = 0;
  if (!scan.Number(4, &first)) return std::nullopt;
  const bool year_first = text.size() > 4 && text[4] == '-';
  const char between = year_first ? '-' : '/';
  if (!scan.Is(between) || !scan.Number(2, &month) || !scan.Is(between) || !scan.Number(4, &last) || !scan.Is(' ') ||
      !scan.Number(2, &hour) || !scan.Is(':') || !scan.Number(2, &minute)) {
    return std::nullopt;
  }
  if (scan.Is(':') && !scan.Number(2, &second)) return std::nullopt;
  const int year = year_first ? first : last, day = year_first ? last : first;
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  // CivilSecond carries over what is too large.
  const bool exact = civil.day() == day && civil.month() == month && civil.hour() == hour && civil.minute() == minute &&
                     civil.second() == second;
  return scan.over() && exact ? std::optional(civil) : std::nullopt;
}

class Reader {
 public:
  Reader(std::string_view text, const LogColumns& columns) : csv_(text), columns_(columns) {}

  Result<std::vector<LogCase>> Read() {
    if (!absl::LoadTimeZone(columns_.zone, &zone_)) return InvalidField("zone", columns_.zone + " is no IANA zone");
    std::vector<std::string_view> fields;
    if (!csv_.Next(&fields)) return Error{ErrorCode::kInvalidArgument, "the log is empty"};
    if (fields[0].starts_with("\xef\xbb\xbf")) fields[0].remove_prefix(3);
    for (size_t i = 0; i < fields.size(); ++i) header_[std::string(fields[i])] = i;
    columns_in_header_ = fields.size();
    if (const Status placed = Place(); !placed.ok()) return placed.error();
    while (csv_.Next(&fields)) {
      if (fields.size() != columns_in_header_) {
        return Wrong(columns_.number, "the row has " + std::to_string(fields.size()) + " fields, the header " +
                                          std::to_string(columns_in_header_));
      }
      if (const Status row = Take(fields); !row.ok()) return row.error();
    }
    return std::move(cases_);
  }

 private:
  static constexpr size_t kNowhere = SIZE_MAX;

  size_t IndexOf(const std::string& column) const {
    const auto found = header_.find(column);
    return found == header_.end() ? kNowhere : found->second;
  }

  Status Place() {
    places_.resize(kColumns.size());
    for (size_t i = 0; i < kColumns.size(); ++i) places_[i] = IndexOf(columns_.*kColumns[i].second);
    change_ = IndexOf(columns_.change);
    location_ = IndexOf(columns_.location);
    symptom_ = IndexOf(columns_.symptom);
    contact_type_ = IndexOf(columns_.contact_type);
    by_change_ = IndexOf(columns_.changed_at) != kNowhere;
    std::vector<const std::string*> needed{&columns_.number, &columns_.opened_at};
    if (by_change_) needed.push_back(&columns_.state);
    for (const std::string* name : needed) {
      if (!header_.contains(*name)) return Error{ErrorCode::kInvalidArgument, "the log has no column " + *name};
    }
    if (by_change_ || IndexOf(columns_.resolved_at) != kNowhere || IndexOf(columns_.closed_at) != kNowhere) return {};
    return Error{ErrorCode::kInvalidArgument, "the log has no column " + columns_.changed_at + ", nor " +
                                                  columns_.resolved_at + " or " + columns_.closed_at};
  }

  Error Wrong(const std::string& column, const std::string& what) const {
    return Error{ErrorCode::kInvalidArgument, "line " + std::to_string(csv_.line()) + ", " + column + ": " + what};
  }

  static std::string_view Known(const std::vector<std::string_view>& fields, size_t place) {
    if (place == kNowhere || fields[place] == kMissing) return {};
    return fields[place];
  }
  std::string_view At(const std::vector<std::string_view>& fields, std::string LogColumns::*column) const {
    for (size_t i = 0; i < kColumns.size(); ++i) {
      if (kColumns[i].second == column) return Known(fields, places_[i]);
    }
    return {};
  }

  Result<InstantMs> TimeOf(const std::vector<std::string_view>& fields, std::string LogColumns::*column) const {
    const std::string_view text = At(fields, column);
    if (const std::optional<absl::CivilSecond> civil = CivilOf(text))
      return absl::ToUnixMillis(absl::FromCivil(*civil, zone_));
    const Result<InstantMs> at = ParseLogTime(text, columns_.zone);
    if (!at.ok()) return Wrong(columns_.*column, at.error().message);
    return *at;
  }

  Status Take(const std::vector<std::string_view>& fields) {
    const std::string number(At(fields, &LogColumns::number));
    if (number.empty()) return Wrong(columns_.number, "missing");
    const auto [place, fresh] = by_number_.try_emplace(number, cases_.size());
    if (fresh) {
      const Result<InstantMs> opened = TimeOf(fields, &LogColumns::opened_at);
      if (!opened.ok()) return opened.error();
      LogCase& c = cases_.emplace_back();
      c.number = number;
      c.opened_at = *opened;
      FillCase(fields, &c);
    }
    LogCase& c = cases_[place->second];
    LogRow row;
    row.group = IdOf(At(fields, &LogColumns::group));
    row.person = IdOf(At(fields, &LogColumns::person));
    row.impact = ParseLogGrade(At(fields, &LogColumns::impact));
    row.urgency = ParseLogGrade(At(fields, &LogColumns::urgency));
    row.category = At(fields, &LogColumns::category);
    row.subcategory = At(fields, &LogColumns::subcategory);
    row.by = At(fields, &LogColumns::changed_by);
    row.change = Known(fields, change_);
    c.last_priority = ParseLogPriority(At(fields, &LogColumns::priority));
    const std::string_view kept = At(fields, &LogColumns::made_sla);
    c.made_sla = kept != "false" && kept != "no" && kept != "0";
    return by_change_ ? TakeChange(fields, std::move(row), &c) : TakeWhole(fields, std::move(row), &c);
  }

  void FillCase(const std::vector<std::string_view>& fields, LogCase* c) const {
    c->caller = IdOf(At(fields, &LogColumns::caller));
    c->location = Known(fields, location_);
    c->symptom = Known(fields, symptom_);
    c->contact_type = Known(fields, contact_type_);
    c->kind = At(fields, &LogColumns::kind);
    c->title = At(fields, &LogColumns::title);
    c->service = At(fields, &LogColumns::service);
    c->region = At(fields, &LogColumns::region);
    c->customer = At(fields, &LogColumns::customer);
  }

  Status TakeChange(const std::vector<std::string_view>& fields, LogRow row, LogCase* c) {
    const Result<InstantMs> at = TimeOf(fields, &LogColumns::changed_at);
    if (!at.ok()) return at.error();
    row.at = *at;
    row.state = ParseLogState(At(fields, &LogColumns::state), columns_);
    c->rows.push_back(std::move(row));
    return {};
  }

  /// One row a case: what it says of instants becomes changes.
  Status TakeWhole(const std::vector<std::string_view>& fields, LogRow row, LogCase* c) {
    if (!c->rows.empty()) return Wrong(columns_.number, "a second row of " + c->number);
    row.at = c->opened_at;
    row.state = LogState::kNew;
    c->rows.push_back(row);
    using Step = std::pair<std::string LogColumns::*, LogState>;
    for (const auto& [column, state] :
         {Step{&LogColumns::acknowledged_at, LogState::kActive}, Step{&LogColumns::resolved_at, LogState::kResolved},
          Step{&LogColumns::closed_at, LogState::kClosed}}) {
      if (At(fields, column).empty()) continue;
      const Result<InstantMs> at = TimeOf(fields, column);
      if (!at.ok()) return at.error();
      row.at = *at;
      row.state = state;
      c->rows.push_back(row);
    }
    return {};
  }

  CsvReader csv_;
  const LogColumns& columns_;
  absl::TimeZone zone_;
  std::unordered_map<std::string, size_t> header_;
  size_t columns_in_header_ = 0;
  std::vector<size_t> places_;
  size_t change_ = kNowhere, location_ = kNowhere, symptom_ = kNowhere, contact_type_ = kNowhere;
  bool by_change_ = true;
  std::vector<LogCase> cases_;
  std::unordered_map<std::string, size_t> by_number_;
};

}  // namespace

bool SetColumn(LogColumns* columns, std::string_view name, std::string column) {
  for (const auto& [known, member] : kColumns) {
    if (known != name) continue;
    columns->*member = std::move(column);
    return true;
  }
  return false;
}

std::string ColumnNames() {
  std::string out;
  for (const auto& [name, member] : kColumns) out += (out.empty() ? "" : ", ") + std::string(name);
  return out;
}

bool ParseLogStateWord(std::string_view word, LogState* state) {
  const auto found = std::find_if(kStateWords.begin(), kStateWords.end(),
                                  [word](const StateWord& known) { return known.first == word; });
  if (found == kStateWords.end()) return false;
  *state = found->second;
  return true;
}

Result<std::vector<LogCase>> ReadEventLog(std::string_view text, const LogColumns& columns) {
  return Reader(text, columns).Read();
}

Result<InstantMs> ParseLogTime(std::string_view text, const std::string& zone_name) {
  if (const std::optional<absl::CivilSecond> civil = CivilOf(text)) {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone(zone_name, &zone)) return InvalidField("zone", zone_name + " is no IANA zone");
    return absl::ToUnixMillis(absl::FromCivil(*civil, zone));
  }
  if (Result<InstantMs> at = ParseInstant(text); at.ok()) return at;
  return Error{ErrorCode::kInvalidArgument,
               "'" + std::string(text) + "' must be d/m/yyyy HH:MM, yyyy-mm-dd HH:MM:SS or RFC 3339"};
}

LogState ParseLogState(std::string_view text, const LogColumns& columns) {
  const std::string word = Small(text);
  if (const auto found = columns.states.find(word); found != columns.states.end()) return found->second;
  for (const auto& [name, state] : kStates) {
    if (word == name) return state;
  }
  return LogState::kOther;
}

std::string IdOf(std::string_view text) {
  if (text == kMissing) return {};
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (out.ends_with('-')) out.pop_back();
  return out;
}

}  // namespace escalon::history
