#pragma once

#include <string>
#include <vector>

#include "common/domain/facts.h"
#include "common/domain/policy.h"

namespace escalon {

/// By what cases belong together: `service mail`, `key alertmanager:prod DiskFull`. Empty: the case has no such key,
/// and belongs to none.
std::string LinkKeyOf(StormLink link, const Facts& facts);

/// `same_service`, `same_key`
std::string_view Name(StormLink link);
/// All of them, for who keeps what was opened.
std::vector<std::string> LinkKeysOf(const Facts& facts);

/// The label by which a source says that two alerts are of the same kind: `alert_key`, else Prometheus's `alertname`.
inline constexpr std::string_view kAlertKeyLabel = "alert_key";
inline constexpr std::string_view kAlertNameLabel = "alertname";

}  // namespace escalon
