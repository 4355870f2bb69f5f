#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/cluster/cluster.h"
#include "tests/support/plain_http.h"

namespace escalon::test {

/// A client of intake's HTTP API with one person's or system's key. Thread-safe.
class Door {
 public:
  /// `subject` as in Keys; empty: without a key.
  Door(Cluster& cluster, const std::string& subject);
  Result<HttpAnswer> Call(const std::string& method, const std::string& path, const std::string& body = {}) const;
  /// These fail the test when there is no answer at all.
  HttpAnswer Post(const std::string& path, const nlohmann::json& body) const { return PostRaw(path, body.dump()); }
  HttpAnswer PostRaw(const std::string& path, const std::string& body) const;
  HttpAnswer Get(const std::string& path) const;
  /// The case's id; fails the test when it was not taken.
  std::string Submit(const nlohmann::json& submission) const;
  /// As the API shows it, at least at `min_version`.
  nlohmann::json Case(const std::string& id, uint64_t min_version = 0) const;
  HttpAnswer Command(const std::string& id, const nlohmann::json& command) const;

 private:
  const uint16_t port_;
  const std::vector<std::string> headers_;
};

nlohmann::json Incident(const std::string& key, const std::string& impact = "GRADE_MEDIUM",
                        const std::string& urgency = "GRADE_MEDIUM");
CaseId IdOf(const std::string& text);  ///< empty when it is none

}  // namespace escalon::test
