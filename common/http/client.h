#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "common/core/clock.h"
#include "common/core/result.h"
#include "common/http/address_guard.h"
#include "common/http/mail.h"
#include "common/http/message.h"
#include "common/runtime/logging.h"
#include "common/runtime/move_function.h"

namespace escalon::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  ///< http or https
  Headers headers = {};
  std::string body = {};
  DurationMs timeout_ms = 10 * kSecondMs;  ///< from start of the transfer to the end, DNS included
  size_t max_response_bytes = 64 * 1024;
};

struct ClientResponse {
  int status = 0;
  Headers headers = {};
  std::string body = {};
  bool truncated = false;      ///< the body was longer than asked for; the rest was not read
  std::string remote_address;  ///< IP
};

/// Where mail is handed in.
struct MailRelay {
  enum class Tls { kNone, kIfOffered, kRequired };
  std::string url;  ///< `smtp://host:25` or `smtps://host:465`
  std::string user = {};
  std::string password = {};
  Tls tls = Tls::kIfOffered;
  DurationMs timeout_ms = 30 * kSecondMs;
};

struct ClientOptions {
  int max_in_flight = 64;
  size_t max_queued = 10'000;  ///< beyond: kResourceExhausted
  DurationMs connect_timeout_ms = 3 * kSecondMs;
  AddressGuard guard = {};  ///< of HTTP requests; the mail relay is the operator's and is not checked
  std::string user_agent = "escalon";
  std::string ca_file = {};  ///< "" for the system's
};

/// HTTP(S) and SMTP in one thread on libcurl: connections are reused, redirects are not followed, proxies of the
/// environment are ignored, certificates are verified. Callbacks run in that thread, once per call, and must not block.
/// Send and SendMail are thread-safe.
///
/// Errors: kInvalidArgument (URL, header or address; `fields` says which), kPermissionDenied (guard),
/// kDeadlineExceeded, kUnavailable (name, connection, TLS, relay refused for now), kResourceExhausted (queue full); for
/// mail kInvalidArgument also when the relay refused for good (5xx). `detail` is libcurl's or the relay's word.
class Client {
 public:
  using Callback = runtime::MoveFunction<void(Result<ClientResponse>)>;
  using MailCallback = runtime::MoveFunction<void(Status)>;

  /// `clock` dates mails.
  static std::unique_ptr<Client> Create(ClientOptions options, const Clock& clock, runtime::Logger log);
  virtual ~Client() = default;  ///< as Stop

  virtual void Send(ClientRequest request, Callback done) = 0;
  virtual void SendMail(Mail mail, MailRelay relay, MailCallback done) = 0;
  /// Transfers that run or wait end with kUnavailable; then the thread ends. Idempotent.
  virtual void Stop() = 0;
};

}  // namespace escalon::http
