#include "common/http/transfer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace escalon::http {
namespace {

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
}

bool IsFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; });
}

std::string IpOf(const sockaddr* address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address->sa_family == AF_INET) {
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text, sizeof text);
  } else if (address->sa_family == AF_INET6) {
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr, text, sizeof text);
  }
  return text;
}

}  // namespace

std::unique_ptr<Transfer> Transfer::ForRequest(ClientRequest request, const ClientOptions& options,
                                               Client::Callback done) {
  std::unique_ptr<Transfer> transfer(new Transfer(options));
  transfer->request_ = std::move(request);
  transfer->done_ = std::move(done);
  return transfer;
}

std::unique_ptr<Transfer> Transfer::ForMail(const Mail& mail, MailRelay relay, const ClientOptions& options,
                                            InstantMs date, Client::MailCallback done) {
  std::unique_ptr<Transfer> transfer(new Transfer(options));
  transfer->mail_done_ = std::move(done);
  transfer->relay_ = std::move(relay);
  Result<std::string> message = ComposeMail(mail, date);
  if (!message) {
    transfer->invalid_ = message.error();
    return transfer;
  }
  transfer->message_ = std::move(*message);
  transfer->mail_from_ = "<" + mail.from + ">";
  for (const std::string& to : mail.to) transfer->mail_to_.push_back("<" + to + ">");
  return transfer;
}

Transfer::~Transfer() {
  curl_slist_free_all(header_list_);
  curl_slist_free_all(recipients_);
  if (easy_ != nullptr) curl_easy_cleanup(easy_);
}

void Transfer::Fail(Error error) {
  if (request_) {
    std::exchange(done_, nullptr)(std::move(error));
  } else {
    std::exchange(mail_done_, nullptr)(std::move(error));
  }
}

CURL* Transfer::Prepare() {
  if (invalid_) {
    Fail(std::move(*invalid_));
    return nullptr;
  }
  easy_ = curl_easy_init();
  const Status ready = easy_ == nullptr ? Status(Error{ErrorCode::kResourceExhausted, "no memory for a transfer"})
                       : request_       ? PrepareRequest()
                                        : PrepareMail();
  if (ready) return easy_;
  Fail(ready.error());
  return nullptr;
}

Status Transfer::SetCommon(DurationMs timeout_ms, const std::string& url, const char* protocols) {
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_text_);
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");  // a proxy would resolve names behind the guard's back
  curl_easy_setopt(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(std::clamp<DurationMs>(timeout_ms, 1, kHourMs)));
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::clamp<DurationMs>(options_.connect_timeout_ms, 1, kHourMs)));
  if (!options_.ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  if (!IsFieldValue(url) || curl_easy_setopt(easy_, CURLOPT_URL, url.c_str()) != CURLE_OK)
    return InvalidField("url", "is no URL");
  return {};
}

Status Transfer::PrepareRequest() {
  const Status common = SetCommon(request_->timeout_ms, request_->url, "http,https");
  if (!common) return common;
  if (!IsToken(request_->method)) return InvalidField("method", "must be an HTTP method such as POST");
  for (const auto& [name, value] : request_->headers.fields()) {
    if (!IsToken(name) || !IsFieldValue(value)) return InvalidField("headers", "has a name or value that HTTP forbids");
    // libcurl takes "Name;" for a header without value, and "Name:" for one to leave out.
    header_list_ = curl_slist_append(header_list_, (value.empty() ? name + ";" : name + ": " + value).c_str());
  }
  header_list_ = curl_slist_append(header_list_, "Expect:");  // no pause of a second before the body
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, header_list_);
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, options_.user_agent.c_str());
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnOpenSocket);
  curl_easy_setopt(easy_, CURLOPT_OPENSOCKETDATA, this);
  if (request_->method == "HEAD") {
    curl_easy_setopt(easy_, CURLOPT_NOBODY, 1L);
  } else if (request_->method != "GET" || !request_->body.empty()) {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_->body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_->body.data());
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_->method.c_str());
  }
  return {};
}

Status Transfer::PrepareMail() {
  const Status common = SetCommon(relay_->timeout_ms, relay_->url, "smtp,smtps");
  if (!common) return common;
  const long tls = relay_->tls == MailRelay::Tls::kNone        ? CURLUSESSL_NONE
                   : relay_->tls == MailRelay::Tls::kIfOffered ? CURLUSESSL_TRY
                                                               : CURLUSESSL_ALL;
  curl_easy_setopt(easy_, CURLOPT_USE_SSL, tls);
  if (!relay_->user.empty()) {
    curl_easy_setopt(easy_, CURLOPT_USERNAME, relay_->user.c_str());
    curl_easy_setopt(easy_, CURLOPT_PASSWORD, relay_->password.c_str());
  }
  for (const std::string& to : mail_to_) recipients_ = curl_slist_append(recipients_, to.c_str());
  curl_easy_setopt(easy_, CURLOPT_MAIL_FROM, mail_from_.c_str());
  curl_easy_setopt(easy_, CURLOPT_MAIL_RCPT, recipients_);
  curl_easy_setopt(easy_, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy_, CURLOPT_READFUNCTION, &Transfer::OnUpload);
  curl_easy_setopt(easy_, CURLOPT_READDATA, this);
  return {};
}

Error Transfer::ErrorOf(CURLcode code) const {
  if (code == CURLE_COULDNT_CONNECT && !refused_address_.empty())
    return {ErrorCode::kPermissionDenied,
            "requests may not reach the address " + refused_address_ + "; allow its range if that is wanted",
            {},
            refused_address_};
  const std::string detail = error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: {
      Error error = InvalidField("url", request_ ? "must be an http or https URL" : "must be an smtp or smtps URL");
      error.detail = detail;
      return error;
    }
    case CURLE_OPERATION_TIMEDOUT:
      return {ErrorCode::kDeadlineExceeded, "no answer in time: " + detail, {}, detail};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {ErrorCode::kUnavailable, "the name cannot be resolved: " + detail, {}, detail};
    default:
      return {ErrorCode::kUnavailable, "the transfer failed: " + detail, {}, detail};
  }
}

void Transfer::Finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  if (!request_) {
    if (code == CURLE_OK) {
      std::exchange(mail_done_, nullptr)(Status());
      return;
    }
    Error error = ErrorOf(code);
    // RFC 5321 §4.2.1: 5yz is for good, 4yz may pass when repeated.
    if (status >= 500 && status < 600) {
      error.code = ErrorCode::kInvalidArgument;
      error.message = "the mail relay refused for good (" + std::to_string(status) + "): " + error.detail;
    }
    return Fail(std::move(error));
  }
  if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && response_.truncated)) return Fail(ErrorOf(code));
  response_.status = static_cast<int>(status);
  const char* ip = nullptr;
  if (curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &ip) == CURLE_OK && ip != nullptr) response_.remote_address = ip;
  std::exchange(done_, nullptr)(std::move(response_));
}

size_t Transfer::OnBody(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  if (!transfer->request_) return size * count;  // a relay's words
  std::string& body = transfer->response_.body;
  const size_t room = transfer->request_->max_response_bytes - body.size();
  body.append(data, std::min(room, size * count));
  if (size * count <= room) return size * count;
  transfer->response_.truncated = true;
  return 0;  // ends the transfer: what is beyond is never read
}

size_t Transfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  std::string_view line(data, size * count);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer->response_.headers = {};  // of an interim response
    return size * count;
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  std::string_view value = line.substr(colon + 1);
  while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
  constexpr size_t kMostFields = 256;
  if (transfer->response_.headers.fields().size() < kMostFields)
    transfer->response_.headers.Add(std::string(line.substr(0, colon)), std::string(value));
  return size * count;
}

size_t Transfer::OnUpload(char* data, size_t size, size_t count, void* self) {
  auto* transfer = static_cast<Transfer*>(self);
  const size_t length = std::min(size * count, transfer->message_.size() - transfer->uploaded_);
  std::memcpy(data, transfer->message_.data() + transfer->uploaded_, length);
  transfer->uploaded_ += length;
  return length;
}

// After the name was resolved, for each address that is tried: a name cannot point somewhere else in between.
curl_socket_t Transfer::OnOpenSocket(void* self, curlsocktype, curl_sockaddr* address) {
  auto* transfer = static_cast<Transfer*>(self);
  const std::string ip = IpOf(&address->addr);
  if (!transfer->options_.guard.Allows(ip)) {
    transfer->refused_address_ = ip.empty() ? "of an unknown kind" : ip;
    return CURL_SOCKET_BAD;
  }
  transfer->refused_address_.clear();
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace escalon::http
