#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/instant.h"
#include "common/core/result.h"
#include "common/log/kafka_config.h"
#include "common/security/secret.h"
#include "services/escalonctl/cli/command.h"

namespace escalon::escalonctl {

/// Where the other sides are and how to speak to them: from the options, else the environment, else the configuration
/// file, else the default.
struct Settings {
  bool json = false;
  bool colour = true;  ///< on a terminal
  std::string address = "127.0.0.1:7001";
  std::string routing = "127.0.0.1:7003";
  Secret key;  ///< API key; empty: none
  DurationMs timeout = 10 * kSecondMs;
  std::string tls_authority, tls_certificate, tls_key;  ///< PEM files; all empty: plain text
  std::string kafka = "127.0.0.1:9092";
  std::map<std::string, std::string> kafka_settings;
  std::string prefix;
  int generation = 1;
  std::string redis;  ///< host:port; empty: none
  Secret redis_password;

  log::KafkaConfig Kafka() const;
};

/// The value of an environment variable; empty: not set.
using Environment = std::function<std::string(const char* name)>;

/// Options that every command takes. `reach`: those that make sense for what it talks to.
std::vector<Option> GlobalOptions();
std::vector<Option> GlobalOptionsFor(uint8_t reach);

/// Errors (kInvalidArgument) name the option, the variable or the line of the file. `--config FILE` has to be there;
/// the default file (~/.config/escalon/ctl.yaml) may be absent.
Result<Settings> ReadSettings(const Arguments& arguments, const Environment& environment);

}  // namespace escalon::escalonctl
