/** Names of real engines; their results in this simulator are invented. */

/** Engines that scan files. */
export const fileEngines: readonly string[] = `Acronis (Static ML)|AhnLab-V3|Alibaba|AliCloud|ALYac|
Antiy-AVL|APEX|Arcabit|Arctic Wolf|Avast|AVG|Avira|Baidu|BitDefender|Bkav|ClamAV|CMC|
CrowdStrike Falcon|CTX|Cylance|Cynet|DeepInstinct|DrWeb|Elastic|Emsisoft|eScan|ESET-NOD32|Fortinet|
GData|Google|Gridinsoft|Huorong|Ikarus|Jiangmin|K7AntiVirus|K7GW|Kaspersky|Kingsoft|Lionic|
Malwarebytes|MaxSecure|McAfee Scanner|Microsoft|NANO-Antivirus|Palo Alto Networks|Panda|
QuickHeal|Rising|Sangfor Engine Zero|SecureAge|SentinelOne (Static ML)|Skyhigh (SWG)|Sophos|
SUPERAntiSpyware|Symantec|TACHYON|TEHTRIS|Tencent|Trapmine|TrendMicro|TrendMicro-HouseCall|Varist|
VBA32|VIPRE|VirIT|ViRobot|Webroot|WithSecure|Xcitium|Yandex|Zillya|ZoneAlarm by Check Point|Zoner`
  .replace(/\n/g, '')
  .split('|');

/** Engines that support only mobile apps. */
export const mobileEngines: readonly string[] = [
  'Avast-Mobile',
  'BitDefenderFalx',
  'Symantec Mobile Insight',
  'Trustlook',
];

/** Engines and lists for URLs, IP addresses and domains. */
export const siteEngines: readonly string[] = `0xSI_f33d|Abusix|Acronis|ADMINUSLabs|
AILabs (MONITORAPP)|AlienVault|alphaMountain.ai|AlphaSOC|Antiy-AVL|ArcSight Threat Intelligence|
AutoShun|Axur|Bfore.Ai PreCrime|BitDefender|Bkav|Blueliv|Certego|ChainPatrol|Chong Lua Dao|CINS Army|
Cluster25|CMC Threat Intelligence|CRDF|Criminal IP|CSIS Security Group|Cyan|Cyble|CyRadar|
desenmascara.me|DNS8|Dr.Web|EmergingThreats|Emsisoft|Ermes|ESET|ESTsecurity|Forcepoint ThreatSeeker|
Fortinet|G-Data|GCP Abuse Intelligence|Google Safebrowsing|GreenSnow|Gridinsoft|Heimdal Security|
Hunt.io Intelligence|IPsum|Juniper Networks|Kaspersky|Lionic|Lumu|MalwarePatrol|Malwared|MalwareURL|
Mimecast|Netcraft|OpenPhish|Phishing Database|Phishtank|PREBYTES|PrecisionSec|Quick Heal|Quttera|
SafeToOpen|Sansec eComscan|Scantitan|SCUMWARE.org|Seclookup|SecureBrain|SOCRadar|Sophos|
StopForumSpam|Sucuri SiteCheck|ThreatHive|Trustwave|Underworld|URLhaus|URLQuery|
Viettel Threat Intelligence|VIPRE|ViriBack|VX Vault|Webroot|Xcitium Verdict Cloud|
Yandex Safebrowsing|ZeroCERT|ZeroFox`
  .replace(/\n/g, '')
  .split('|');
