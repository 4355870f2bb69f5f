#include "tests/load/bench_parts.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "tests/load/generator.h"

namespace escalon::load {

Result<std::vector<std::pair<std::string, pid_t>>> ProcessesOf(const std::vector<std::string>& items) {
  std::vector<std::pair<std::string, pid_t>> out{{"load", getpid()}};
  for (const std::string& item : items) {
    const size_t equals = item.find('=');
    pid_t pid = 0;
    if (equals != std::string::npos) std::from_chars(item.data() + equals + 1, item.data() + item.size(), pid);
    if (pid <= 0) return InvalidField("--process", "'" + item + "' must be name=pid");
    out.emplace_back(item.substr(0, equals), pid);
  }
  return out;
}

std::vector<double> CpuMeter::Read() const {
  std::vector<double> out;
  for (const auto& [name, pid] : processes_) out.push_back(CpuSecondsOf(pid));
  return out;
}

void CpuMeter::Begin() {
  begin_ = Read();
  begin_machine_ = ReadMachineCpu();
}

void CpuMeter::End() {
  end_ = Read();
  end_machine_ = ReadMachineCpu();
}

std::map<std::string, double> CpuMeter::Seconds() const {
  std::map<std::string, double> out;
  for (size_t i = 0; i < processes_.size(); ++i) out[processes_[i].first] += end_[i] - begin_[i];
  return out;
}

std::map<std::string, int64_t> CpuMeter::ResidentBytes() const {
  std::map<std::string, int64_t> out;
  for (const auto& [name, pid] : processes_) out[name] = ResidentBytesOf(pid);
  return out;
}

double CpuMeter::SumSeconds() const {
  return std::accumulate(end_.begin(), end_.end(), 0.0) - std::accumulate(begin_.begin(), begin_.end(), 0.0);
}

submission::v1::Submission BenchSubmission() {
  submission::v1::Submission s;
  s.set_source(Generator::kDesk);
  s.set_kind("incident");
  s.set_title("Checkout fails with HTTP 502 for card payments");
  s.set_description(
      "Since the last deployment about one in twenty card payments is refused after the bank's answer; the customer "
      "sees an error page and "
      "is charged nevertheless. Restarting the gateway helps for some minutes.");
  s.set_service("payments");
  s.set_category("software/defect");
  s.set_region("emea");
  s.set_customer("customer-00017");
  s.set_impact(common::v1::GRADE_MEDIUM);
  s.set_urgency(common::v1::GRADE_MEDIUM);
  s.set_business_value(common::v1::GRADE_LOW);
  submission::v1::Person& person = *s.mutable_requester();
  person.set_id("anna");
  person.set_name("Anna Schmidt");
  person.set_contact("mail:anna.schmidt@customer.example");
  person.set_language("de");
  s.add_skills("payments");
  (*s.mutable_labels())["env"] = "prod";
  (*s.mutable_labels())["team"] = "checkout";
  return s;
}

double PercentileMs(std::vector<int64_t> us, double share) {
  if (us.empty()) return 0;
  const auto rank = static_cast<size_t>(std::ceil(share * static_cast<double>(us.size())));
  const auto place = us.begin() + static_cast<std::ptrdiff_t>(std::clamp<size_t>(rank, 1, us.size()) - 1);
  std::nth_element(us.begin(), place, us.end());
  return static_cast<double>(*place) / 1000;
}

}  // namespace escalon::load
