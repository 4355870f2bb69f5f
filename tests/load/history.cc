#include "tests/load/history.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <utility>

namespace escalon::load {
namespace {

constexpr std::array<std::string_view, kCallOutcomes> kNames{"unknown",   "opened",          "attached", "done",
                                                             "unchanged", "awaits_approval", "rejected"};
constexpr size_t kColumns = 6;

bool Split(const std::string& line, std::array<std::string, kColumns>* out) {
  size_t column = 0, from = 0;
  for (; column < kColumns; ++column) {
    const size_t to = line.find('\t', from);
    (*out)[column] = line.substr(from, to == std::string::npos ? to : to - from);
    if (to == std::string::npos) break;
    from = to + 1;
  }
  return column == kColumns - 1;
}

}  // namespace

std::string_view Name(CallOutcome outcome) { return kNames[static_cast<size_t>(outcome)]; }

uint16_t History::SourceIndex(const std::string& source) {
  const auto found = std::find(sources_.begin(), sources_.end(), source);
  if (found != sources_.end()) return static_cast<uint16_t>(found - sources_.begin());
  sources_.push_back(source);
  return static_cast<uint16_t>(sources_.size() - 1);
}

size_t History::Submitted(const std::string& source, std::string idempotency_key) {
  calls_.push_back({CallKind::kSubmit, CallOutcome::kUnknown, SourceIndex(source), std::move(idempotency_key), {}, 0});
  return calls_.size() - 1;
}

size_t History::Commanded(std::string command_id, const CaseId& case_id) {
  calls_.push_back({CallKind::kCommand, CallOutcome::kUnknown, 0, std::move(command_id), case_id, 0});
  return calls_.size() - 1;
}

void History::Answer(size_t call, CallOutcome outcome, const CaseId& case_id, uint64_t version) {
  Call& one = calls_[call];
  one.outcome = outcome;
  if (!case_id.empty()) one.case_id = case_id;
  one.version = version;
}

Status History::Save(const std::string& path) const {
  std::ofstream out(path);
  for (const Call& call : calls_) {
    const bool submit = call.kind == CallKind::kSubmit;
    out << (submit ? "submit" : "command") << '\t' << Name(call.outcome) << '\t' << (submit ? SourceOf(call) : "")
        << '\t' << call.id << '\t' << (call.case_id.empty() ? "" : call.case_id.ToString()) << '\t' << call.version
        << '\n';
  }
  out.close();
  if (!out) return Error{ErrorCode::kInternal, "cannot write " + path};
  return {};
}

Result<History> History::Load(const std::string& path) {
  std::ifstream in(path);
  if (!in) return Error{ErrorCode::kNotFound, path + " cannot be read"};
  History history;
  std::array<std::string, kColumns> c;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto wrong = [&](const char* what) {
      return Error{ErrorCode::kInvalidArgument, path + ", line " + std::to_string(number) + ": " + what};
    };
    if (!Split(line, &c)) return wrong("six fields separated by tabs are wanted");
    const auto outcome = std::find(kNames.begin(), kNames.end(), c[1]);
    if (outcome == kNames.end()) return wrong("no such outcome");
    CaseId id;
    if (!c[4].empty()) {
      const Result<CaseId> parsed = CaseId::Parse(c[4]);
      if (!parsed.ok()) return wrong("no case id");
      id = *parsed;
    }
    uint64_t version = 0;
    const auto read = std::from_chars(c[5].data(), c[5].data() + c[5].size(), version);
    if (read.ec != std::errc() || read.ptr != c[5].data() + c[5].size()) return wrong("no version");
    const size_t call = c[0] == "submit" ? history.Submitted(c[2], c[3]) : history.Commanded(c[3], id);
    history.Answer(call, static_cast<CallOutcome>(outcome - kNames.begin()), id, version);
  }
  return history;
}

}  // namespace escalon::load
