#include "tests/load/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace escalon::load {
namespace {

constexpr std::array<CaseState, 10> kStates{
    CaseState::kNew,     CaseState::kTriaged,  CaseState::kAssigned,   CaseState::kAcknowledged, CaseState::kInProgress,
    CaseState::kPending, CaseState::kResolved, CaseState::kMonitoring, CaseState::kClosed,       CaseState::kCancelled};
constexpr std::array<const char*, 6> kOutcomes{"delivered", "retrying", "held", "suppressed", "channel_failed", "dead"};
constexpr int kDefaultWidth = 120;
constexpr int kLabelWidth = 12;

std::string Count(uint64_t n) {
  std::string digits = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), ",");
  return digits;
}

std::string Fixed(double value, int decimals) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string Ms(double ms) { return ms >= 100 ? Fixed(ms, 0) : ms >= 10 ? Fixed(ms, 1) : Fixed(ms, 2); }

std::string Seconds(double seconds) {
  const auto whole = static_cast<int64_t>(seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%02d:%02d", static_cast<int>(whole / 60), static_cast<int>(whole % 60));
  return text;
}

uint64_t At(const std::map<std::string, uint64_t>& counts, const std::string& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

std::string Join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : " · ") + part;
  return out;
}

/// Cut by code points, because every one of ours is one column.
std::string Cut(const std::string& line, int width) {
  int columns = 0;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(line[i]) & 0xc0) != 0x80;
    if (starts && columns++ == width) return line.substr(0, i);
  }
  return line;
}

std::string Row(const char* label, const std::string& text) {
  std::string out = label;
  out.resize(kLabelWidth, ' ');
  return out + text;
}

std::string CasesRow(const ScreenModel& m) {
  std::vector<std::string> parts;
  uint64_t total = 0;
  for (const CaseState state : kStates) {
    const std::string name(Name(state));
    const uint64_t n = At(m.by_state, name);
    total += n;
    parts.push_back(name + " " + Count(n));
  }
  return Join(parts) + "   = " + Count(total);
}

std::string Clocks(const ScreenModel& m) {
  return "armed " + Count(m.armed) + " · fired " + Count(m.fired) + " · lateness p50 " + Ms(m.late_p50_ms) +
         " ms, p99 " + Ms(m.late_p99_ms) + " ms, max " + Ms(m.late_max_ms) + " ms";
}

std::string Rates(const ScreenModel& m) {
  return "submitted " + Fixed(m.rates.submitted, 1) + "/s · accepted " + Fixed(m.rates.accepted, 1) + "/s · commands " +
         Fixed(m.rates.commands, 1) + "/s · records " + Fixed(m.rates.records, 1) + "/s · told " +
         Fixed(m.rates.told, 1) + "/s";
}

std::string Notified(const ScreenModel& m) {
  std::vector<std::string> parts;
  for (const char* outcome : kOutcomes) parts.push_back(std::string(outcome) + " " + Count(At(m.notified, outcome)));
  return Join(parts);
}

std::string Channels(const ScreenModel& m) {
  std::vector<std::string> parts;
  for (const auto& [channel, n] : m.by_channel) {
    if (n > 0) parts.push_back(channel + " " + Count(n));
  }
  parts.push_back("webhooks here " + Count(m.sink_received));
  parts.push_back("mails here " + Count(m.mails));
  parts.push_back("acknowledged by link " + Count(m.links_used));
  return Join(parts);
}

std::string Invariants(const ScreenModel& m) {
  std::vector<std::string> parts;
  for (const auto& [name, n] : m.invariants) parts.push_back(name + " " + Count(n) + (n == 0 ? "" : " (!)"));
  return Join(parts);
}

std::string NextDay(InstantMs at) { return at == kNever || at == 0 ? "none" : FormatInstant(at - at % 1000); }

}  // namespace

std::vector<std::string> RenderScreen(const ScreenModel& m, int width) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& line) { out.push_back(Cut(line, width)); };
  std::string head = m.title + "   running " + Seconds(m.running_s) + "   case time " + NextDay(m.case_time);
  if (m.factor != 1) head += " (" + Fixed(m.factor, m.factor == std::floor(m.factor) ? 0 : 1) + " times as fast)";
  add(head);
  add("");
  add(Row("cases", CasesRow(m)));
  std::vector<std::string> levels;
  for (const auto& [level, n] : m.open_by_level)
    levels.push_back((level.empty() ? "none yet" : level) + " " + Count(n));
  add(Row("open at", Join(levels) + (levels.empty() ? "" : "   ") + "moves on the ladder " + Count(m.escalations)));
  add(Row("asked", "submitted " + Count(m.submitted) + " · opened " + Count(m.opened) + " · attached " +
                       Count(m.attached) + " · commands " + Count(m.commands) + " · refused " + Count(m.refused) +
                       " · unknown " + Count(m.unknown) + " · in flight " + Count(m.in_flight)));
  add(Row("rates", Rates(m)));
  add(Row("accepted in", "p50 " + Ms(m.accept_p50_ms) + " ms · p99 " + Ms(m.accept_p99_ms) + " ms · max " +
                             Ms(m.accept_max_ms) + " ms"));
  add(Row("clocks", Clocks(m)));
  for (const auto& next : m.next_clocks)
    add(Row("", "next " + NextDay(next.at) + "  " + next.clock + "  of " + next.case_id));
  add(Row("told", Notified(m)));
  add(Row("by", Channels(m)));
  add(Row("must be 0", Invariants(m)));
  for (const std::string& note : m.notes) add(Row("note", note));
  if (!m.to_try.empty()) add("");
  for (const std::string& line : m.to_try) add(line);
  return out;
}

std::string RenderLine(const ScreenModel& m) {
  uint64_t total = 0, ended = 0;
  for (const auto& [state, n] : m.by_state) {
    total += n;
    if (state == "closed" || state == "cancelled") ended += n;
  }
  uint64_t wrong = 0;
  for (const auto& one : m.invariants) wrong += one.second;
  return Seconds(m.running_s) + "  cases " + Count(total) + " (" + Count(ended) + " ended) · " +
         Fixed(m.rates.accepted, 1) + "/s in " + Ms(m.accept_p99_ms) + " ms (p99) · commands " +
         Fixed(m.rates.commands, 1) + "/s · moves " + Count(m.escalations) + " · fired " + Count(m.fired) +
         ", late p99 " + Ms(m.late_p99_ms) + " ms · delivered " + Count(At(m.notified, "delivered")) + " · unknown " +
         Count(m.unknown) + " · wrong " + Count(wrong) + (m.notes.empty() ? "" : " · " + m.notes.front());
}

Terminal::Terminal(int fd) : fd_(fd), terminal_(isatty(fd) != 0) {}

Terminal::~Terminal() {
  if (!terminal_ || !shown_) return;
  const std::string_view show_cursor = "\x1b[?25h\n";
  static_cast<void>(!write(fd_, show_cursor.data(), show_cursor.size()));
}

void Terminal::Show(const ScreenModel& model) {
  std::string out;
  if (!terminal_) {
    out = RenderLine(model) + "\n";
  } else {
    winsize size{};
    const bool known = ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    std::vector<std::string> lines = RenderScreen(model, known ? size.ws_col : kDefaultWidth);
    if (known && size.ws_row > 1 && lines.size() >= size.ws_row) lines.resize(static_cast<size_t>(size.ws_row) - 1u);
    out = shown_ ? "\x1b[H" : "\x1b[?25l\x1b[2J\x1b[H";
    for (const std::string& line : lines) out += line + "\x1b[K\r\n";
    out += "\x1b[J";
  }
  shown_ = true;
  static_cast<void>(!write(fd_, out.data(), out.size()));
}

}  // namespace escalon::load
